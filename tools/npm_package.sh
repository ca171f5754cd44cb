# SPDX-License-Identifier: Apache-2.0
# Shared by what fetches binaries: one tarball from the package registry, pinned by hash. The reader
# defines die, say and the folder `work`.

# fetch PACKAGE SHA512 FOLDER: the package's tarball, checked and unpacked; its scripts never run.
fetch() {
    local package=$1 wanted=$2 folder=$3 found
    mkdir -p "$work/$folder"
    say "fetching $package"
    (cd "$work/$folder" && npm pack --loglevel=error --ignore-scripts "$package" >/dev/null 2>"$work/npm.log") ||
        die "could not fetch $package. Is the machine offline? npm says:
$(tail -n 5 "$work/npm.log")"
    local tarballs=("$work/$folder"/*.tgz)
    [[ ${#tarballs[@]} == 1 && -f ${tarballs[0]} ]] || die "npm left no single tarball of $package"
    found=$(openssl dgst -sha512 -binary "${tarballs[0]}" | openssl base64 -A)
    [[ $found == "$wanted" ]] || die "$package has another hash than the pinned one; nothing was installed
  pinned: sha512-$wanted
  found:  sha512-$found"
    tar -xzf "${tarballs[0]}" -C "$work/$folder" --no-same-owner
    rm -f "${tarballs[0]}"
}

for tool in npm tar openssl; do
    command -v "$tool" >/dev/null || die "$tool is missing. On Debian 12: apt-get install npm tar openssl"
done
