# For `nstopo shell`: the user's own settings, then the node's name before whatever prompt they make.
ZDOTDIR="$NSTOPO_ZDOTDIR"
if [ -f "$ZDOTDIR/.zshrc" ]; then . "$ZDOTDIR/.zshrc"; fi
PS1="${NSTOPO_PROMPT//\%/%%}$PS1"
unset NSTOPO_PROMPT NSTOPO_ZDOTDIR
