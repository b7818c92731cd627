# Finds a JDK. Sourced, not run. Reads the release files, because starting a JVM to ask costs a fifth of a second each.

# feature HOME: sets $feature to the feature version of the JDK at HOME, 0 if there is none.
feature() {
  feature=0
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        feature=${line#*\"}
        feature=${feature%%[!0-9]*}
        return 0
        ;;
    esac
  done < "$1/release"
}

# find_jdk MINIMUM [PROGRAM]: sets $jdk to the first JDK from MINIMUM on that has bin/PROGRAM, else says what to install.
find_jdk() {
  newest=0
  on_path=$(command -v java || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2> /dev/null || echo "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for jdk in "${WHEREFORE_JDK:-}" "${JAVA_HOME:-}" "${JDK_HOME:-}" "$on_path" /usr/lib/jvm/* /usr/java/* \
    /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
    [ -n "$jdk" ] || continue
    feature "$jdk"
    if [ "$feature" -ge "$1" ] && [ -x "$jdk/bin/${2:-java}" ]; then
      return 0
    fi
    [ "$feature" -gt "$newest" ] && newest=$feature
  done
  found="found none"
  [ "$newest" -gt 0 ] && found="the newest found is $newest"
  echo "wherefore: needs a JDK, version $1 or later ($found): install one (e.g. https://adoptium.net) or set JAVA_HOME to it" >&2
  return 1
}
