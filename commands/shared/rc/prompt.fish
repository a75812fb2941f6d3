# For `nstopo shell`: the node's name before the user's own prompt.
functions --copy fish_prompt nstopo_own_prompt
function fish_prompt
    echo -n $NSTOPO_PROMPT
    nstopo_own_prompt
end
