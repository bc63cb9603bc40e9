#!/usr/bin/env bash
# Try the README's two commands in a bare Debian that has python3 and nothing else:
# packaging/try_in_debian.sh [bookworm|trixie]...
# Needs root, debootstrap and the network. Nothing stays mounted, and the roots are removed unless KEEP=1.
# PRISTINE=DIR takes the roots from DIR/bookworm and DIR/trixie, made earlier, instead of fetching them.
set -eu
if [ "${1:-}" = --inside ]; then
    # In a mount namespace of our own: whatever happens here, the mounts go with it.
    root=$2
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    shift 2
    exec chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb LANG="${TRY_LANG:-C.UTF-8}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -c 'cd /root/meridian && exec "$@"' bash "$@"
fi

here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}
failed=0
roots=()
trap '[ -n "${KEEP:-}" ] || rm -rf --one-file-system "${roots[@]}"' EXIT
[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
    root=$(mktemp -d "${TMPDIR:-/tmp}/try-$suite-XXXXXX")
    roots+=("$root" "$root.log")
    if [ -n "${PRISTINE:-}" ]; then
        cp -a "$PRISTINE/$suite/." "$root/"
    else
        debootstrap --variant=minbase --include=python3 "$suite" "$root" "$mirror" >"$root.log"
    fi
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    if [ -n "${SSL_CERT_FILE:-}" ]; then # a network with an authority of its own
        mkdir -p "$root/etc/ssl/certs"
        cp -L "$SSL_CERT_FILE" "$root/etc/ssl/certs/ca-certificates.crt"
    fi
    git clone --quiet "$here" "$root/root/meridian"
    for words in "run" "run" "test -q"; do
        begun=$SECONDS
        # shellcheck disable=SC2086 # the words are two
        if unshare --mount "$0" --inside "$root" python3 packaging/bootstrap.py $words; then
            echo "== $suite: $words: exit 0 after $((SECONDS - begun)) s"
        else
            echo "== $suite: $words: FAILED with exit $? after $((SECONDS - begun)) s"
            failed=1
        fi
    done
    if [ -s "$root/root/meridian/build/practice-desk.png" ]; then
        cp "$root/root/meridian/build/practice-desk.png" "${TMPDIR:-/tmp}/practice-desk-$suite.png"
        echo "== $suite: the picture is ${TMPDIR:-/tmp}/practice-desk-$suite.png"
    else
        echo "== $suite: FAILED: no picture"
        failed=1
    fi
done
exit $failed
