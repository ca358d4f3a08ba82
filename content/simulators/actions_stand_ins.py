"""What stands in for the scripts of the repository while a workflow is walked.

In bash they are functions, which cost no process; a story says how each of them ends. They are
exported to every step through BASH_ENV. It runs in the sandbox.
"""

STAND_INS = r"""
command_not_found_handle() {
  local each
  for each in "/usr/bin/$1" "/bin/$1"; do
    [[ -e $each ]] && { $STAND_IN_LOADER "$each" "${@:2}"; return; }
  done
  echo "$1: command not found" >&2
  return 127
}
_called() { printf '%s\n' "$*" >> "$STAND_IN_LOG"; }
_there() {
  [[ -f $1 ]] && return 0
  echo "python: can't open file '$PWD/$1': [Errno 2] No such file or directory" >&2
  return 2
}
_read() { [[ -f $1 ]] && REPLY=$(<"$1") && return 0
  echo "FileNotFoundError: [Errno 2] No such file or directory: '$1'" >&2; return 1; }
_write() {
  if [[ $1 == */* && ! -d ${1%/*} ]]; then
    echo "FileNotFoundError: [Errno 2] No such file or directory: '$1'" >&2; return 1
  fi
  printf '%s\n' "$2" > "$1"
}
_count() {
  local n=0
  [[ -f $STAND_IN_STATE/$1 ]] && n=$(<"$STAND_IN_STATE/$1")
  n=$((n + 1)); printf '%s' "$n" > "$STAND_IN_STATE/$1"; REPLY=$n
}
_check_data() {
  _there data/train.csv || return 1
  _called check_data
  if [[ $STAND_IN_DATA == good ]]; then
    echo "data/train.csv: every row is as it should be"; return 0
  fi
  echo "data/train.csv: 31 of 600 rows have negative minutes"; return 1
}
_train() {
  local out=${1:-model.json}
  _there data/train.csv || return 1
  _count trained
  local name=candidate-$STAND_IN_STORY-$REPLY
  _write "$out" "{\"name\": \"$name\", \"minutes_per_km\": 3.1}" || return 1
  _called "train $name"
  echo "trained on 600 rows, wrote $out"
}
_evaluate() {
  [[ $# == 3 ]] || { echo "usage: python evaluate.py MODEL ROWS OUT" >&2; return 2; }
  local model rows which
  _read "$1" || return 1; model=$REPLY
  [[ $model =~ \"name\":\ \"([^\"]+)\" ]] || { echo "$1 is not a model" >&2; return 1; }
  model=${BASH_REMATCH[1]}
  _read "$2" || return 1; rows=$REPLY
  case $rows in
    "$(<"$STAND_IN_DATA_FILES/fresh.csv")") which=fresh;;
    "$(<"$STAND_IN_DATA_FILES/train.csv")") which=train;;
    *) echo "$2 is neither data/fresh.csv nor data/train.csv" >&2; return 1;;
  esac
  _write "$3" "$(<"$STAND_IN_DATA_FILES/$which-${model%%-*}.csv")" || return 1
  _called "evaluate $model $which"
  echo "wrote $3"
}
_deploy() {
  [[ $# == 1 ]] || { echo "usage: python deploy.py MODEL" >&2; return 2; }
  _read "$1" || return 1
  [[ $REPLY =~ \"name\":\ \"([^\"]+)\" ]] || { echo "$1 is not a model" >&2; return 1; }
  local model=${BASH_REMATCH[1]}
  if [[ -z ${DEPLOY_TOKEN-} ]]; then
    echo "deploy.py: DEPLOY_TOKEN is empty or wrong" >&2; return 1
  fi
  _called "deploy $model $DEPLOY_TOKEN"
  echo "deployed $model"
}
_cases() {
  local n
  for ((n = 0; n < $2; n++)); do
    REPLY+="<testcase classname=\"tests\" name=\"test_$1_$n\" time=\"0.01\">$3</testcase>"
  done
}
_report() {
  local all=$(($2 + $3 + $4)) counts
  REPLY=''
  _cases api "$2" ''
  _cases gpu "$3" '<skipped message="no GPU"/>'
  _cases reply "$4" '<failure message="KeyError"/>'
  counts="errors=\"0\" failures=\"$4\" skipped=\"$3\" tests=\"$all\" time=\"0.2\""
  _write "$1" "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\">\
<testsuite name=\"pytest\" $counts>$REPLY</testsuite></testsuites>"
}
pytest() {
  [[ -f $STAND_IN_HOME/installed ]] || { echo "No module named pytest" >&2; return 1; }
  local mode=$STAND_IN_TESTS report='' quiet='' reruns='' api=1 named='' code=0
  local passed=$STAND_IN_PASSED skipped=$STAND_IN_SKIPPED failed=0 words
  while (($#)); do
    case $1 in
      --junitxml=*|--junit-xml=*) report=${1#*=};;
      --junitxml|--junit-xml) report=$2; shift;;
      --reruns*) reruns=1;;
      -q*|--quiet) quiet=1;;
      *test_service*) named=1 api=2;;
      *test_*.py*) named=1; [[ $api == 2 ]] || api=0;;
    esac
    shift
  done
  [[ -d tests ]] || mode=none
  if [[ $mode == flaky ]]; then
    _count tested
    [[ $REPLY == 1 && -z $reruns ]] && mode=broken || mode=passes
  fi
  [[ $mode == broken && $api == 0 ]] && mode=passes
  _called "pytest $mode"
  case $mode in
    broken) failed=1 passed=$((passed - 1)) code=1;;
    none) passed=0 skipped=0 code=5;;
    skipped) skipped=$((skipped + passed - STAND_IN_LEFT)) passed=$STAND_IN_LEFT;;
  esac
  [[ -n $report ]] && { _report "$report" "$passed" "$skipped" "$failed" || return 1; }
  words=''
  ((failed)) && words="$failed failed, "
  ((passed)) && words+="$passed passed, "
  ((skipped)) && words+="$skipped skipped, "
  words=${words:-no tests ran, }
  if [[ -n $quiet ]]; then echo "${words%, } in 0.21s"
  else echo "============ ${words%, } in 0.21s ============"; fi
  return $code
}
pip() {
  case " $* " in
    *" install "*|*" sync "*) : > "$STAND_IN_HOME/installed"; echo "Successfully installed";;
  esac
}
uv() {
  case ${1-} in
    run)
      shift; while [[ ${1-} == -* ]]; do shift; done; : > "$STAND_IN_HOME/installed"
      if [[ ${1-} == *.py ]]; then python "$@"; else "$@"; fi;;
    sync|pip|add) : > "$STAND_IN_HOME/installed";;
  esac
}
python() {
  while [[ ${1-} =~ ^-[uBbEIOqsSvX]+$ ]]; do [[ $1 == -X ]] && shift; shift; done
  if [[ ${1-} == -m ]]; then
    case ${2-} in
      pytest) shift 2; pytest "$@"; return;;
      pip|uv) shift 2; pip "$@"; return;;
      venv) mkdir -p "${3-.venv}/bin"; : > "${3-.venv}/bin/activate"; return;;
      check_data|train|evaluate|deploy) set -- "$2.py" "${@:3}";;
    esac
  fi
  case ${1-} in
    check_data.py|./check_data.py) _there "$1" || return 2; _check_data;;
    train.py|./train.py) _there "$1" || return 2; shift; _train "$@";;
    evaluate.py|./evaluate.py) _there "$1" || return 2; shift; _evaluate "$@";;
    deploy.py|./deploy.py) _there "$1" || return 2; shift; _deploy "$@";;
    *) "$STAND_IN_PYTHON" "$@";;
  esac
}
python3() { python "$@"; }
pip3() { pip "$@"; }
bash() { $STAND_IN_BASH "$@"; }
sh() { $STAND_IN_BASH "$@"; }
env() { while [[ ${1-} == *=* ]]; do export "$1"; shift; done; (($#)) && "$@" || printenv; }
timeout() { while [[ ${1-} == -* ]]; do shift; done; shift; "$@"; }
nice() { "$@"; }
git() { return 0; }
""".lstrip()

DELEGATE = """import os
import subprocess
import sys

words = [*os.environ["STAND_IN_BASH"].split(), "-c", 'python "$@"', "-", {name}, *sys.argv[1:]]
sys.exit(subprocess.run(words).returncode)
"""
"""What stands in the repository's scripts, for steps that start them from a Python of their own."""
