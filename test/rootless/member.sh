# A command in; the same as an ordinary user's, in a checkout of his own on a machine that is set up for him, out.
# Run by root, in a private machine: all that is made goes with it, but for control groups, which are removed.
set -e

# Any of these may be below /home or /tmp, which become the user's.
mkdir /run/checkout /run/runners && touch /run/node
mount --bind "$checkout" /run/checkout
[ -z "$runners" ] || mount --bind "$runners" /run/runners
mount --bind "$node" /run/node

mount -t tmpfs -o mode=755 tmpfs /home && mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p "$HOME/checkout" "$HOME/bin" "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR"
find /run/checkout -mindepth 1 -maxdepth 1 ! -name .git -exec cp -R -t "$HOME/checkout" {} +
cp -R /run/runners "$HOME"
chmod -R a+rX "$HOME" && chown -Rh "$uid:$uid" "$HOME" "$XDG_RUNTIME_DIR"
touch "$HOME/bin/node" && mount --bind /run/node "$HOME/bin/node"
umount /run/node && umount /run/checkout && rm /run/node

{ cat /etc/passwd; echo "member:x:$uid:$uid::$HOME:/bin/sh"; } > /run/passwd && mount --bind /run/passwd /etc/passwd
echo "$uid:$ids" > /run/ids
for file in /etc/subuid /etc/subgid; do mount --bind /run/ids $file; done
# Open to all, as most distributions have it.
if [ -e /dev/net/tun ]; then mknod -m 666 /run/tun c 10 200 && mount --bind /run/tun /dev/net/tun; fi

# Of each tree of control groups that limits something a part is delegated to the user, who sees it as the whole.
limiting() { findmnt -rno TARGET -t cgroup2; for one in memory cpu pids; do findmnt -rno TARGET -t cgroup -O $one; done; }
trees=
for tree in $(limiting | sort -u); do
  # What can't be handed down, or is read only, root has no use of either.
  for one in $(cat $tree/cgroup.controllers 2>/dev/null); do echo +$one > $tree/cgroup.subtree_control || :; done 2>/dev/null
  mkdir $tree/$group $tree/$group/session 2>/dev/null || continue
  chown -R "$uid:$uid" $tree/$group && mount --bind $tree/$group $tree && trees="$trees $tree"
done
join='for tree in $0; do echo 0 > $tree/'
go='cgroup.procs || exit 1; done; exec "$@"'

status=0
sh -c "$join$go" "$trees" unshare --cgroup sh -c "${join}session/$go" "$trees" \
  setpriv --reuid "$uid" --regid "$uid" --clear-groups env -C "$HOME/checkout" "$@" || status=$?
# A group that a test has left is a failure.
for tree in $trees; do umount $tree && find $tree/$group -depth -type d -exec rmdir {} + || status=1; done
exit $status
