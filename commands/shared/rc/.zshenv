# For `nstopo shell`: the user's own settings, from where they would be.
if [ -f "$NSTOPO_ZDOTDIR/.zshenv" ]; then . "$NSTOPO_ZDOTDIR/.zshenv"; fi
