#!/usr/bin/env bash
# Starts what deploy/kubernetes/many describes as plain processes, each in a network namespace, a root file system that is read only, and
# with the user, the command, the environment and the volumes of its manifest and its image; then plays the cluster: probes, the queries
# of the ScaledJobs on a real PostgreSQL, workers that are started when a query counts something, one that is killed, one that is stopped.
#   tests/kubernetes.sh [FOLDER]      FOLDER: the built service, as it is under /app of the image
# Needs root, ip, kubectl, python3-yaml, PostgreSQL, curl, jq, and npm for an S3 server (s3rver). Takes some minutes. Ends with 1 at the
# first thing that is not as it should be, and deletes all that it made.
set -euo pipefail
cd "$(dirname "$0")/.."
app=$(realpath "${1:-src/CnnService.Web/bin/Release/net10.0}")
[ -f "$app/CnnService.Web.dll" ] || { echo "there is no CnnService.Web.dll in $app: build first" >&2; exit 2; }
postgres=$(compgen -G '/usr/lib/postgresql/*/bin' | tail -n 1)
work=$(mktemp -d) ; chmod 755 "$work"
net=cnnk$$ host=0
declare -A process=()

finish() {
  trap - EXIT
  for name in "${!process[@]}"; do kill -KILL "${process[$name]}" 2>/dev/null || true; done
  [ ! -d "$work/database" ] || within db runuser -u postgres -- "$postgres/pg_ctl" -D "$work/database" stop -m immediate >/dev/null || true
  ip netns list | awk -v own="$net-" 'index($1, own) == 1 { print $1 }' | while read -r one; do ip netns delete "$one"; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
failed() { echo "FAILED: $*" >&2; for log in "$work"/*.log; do echo "--- $log"; tail -n 15 "$log"; done >&2; exit 1; }
told() { echo "$(printf '%4d' "$SECONDS") s  $*"; }

# A network of namespaces: one has the bridge, each other an address on it.
address() { echo "10.213.7.$1"; }
namespace() { # NAME: makes $net-NAME; its address is in $ip
  host=$((host + 1)) ip=$(address $host)
  ip netns add "$net-$1"
  ip -n "$net-$1" link set lo up
  if [ "$1" = bridge ]; then
    ip -n "$net-bridge" link add bridge type bridge && ip -n "$net-bridge" link set bridge up
  fi
  ip -n "$net-bridge" link add "v$host" type veth peer name eth0 netns "$net-$1"
  ip -n "$net-bridge" link set "v$host" master bridge up
  ip -n "$net-$1" address add "$ip/24" dev eth0 && ip -n "$net-$1" link set eth0 up
}
within() { local name=$1 ; shift ; ip netns exec "$net-$name" "$@"; }

# rendered EXPRESSION ARGUMENTS: a value of the manifests, by Python; d: kind/name -> object
cat >"$work/read.py" <<'PYTHON'
import json, re, shlex, sys, yaml
folder, image = sys.argv[1], open('docker/Dockerfile.cpu').read()
d = {f"{o['kind']}/{o['metadata']['name']}": o for o in yaml.safe_load_all(open(f'{folder}/rendered.yaml'))}
def pod(key):
    spec = d[key]['spec']
    return (spec['jobTargetRef'] if 'jobTargetRef' in spec else spec)['template']['spec']
def environment(key):
    last = image[image.rindex('\nFROM '):].replace('\\\n', ' ')
    values = dict(re.findall(r'(\w+)=(\S+)', ' '.join(re.findall(r'^ENV (.*)$', last, re.M))))
    one = pod(key)['containers'][0]
    for source in one.get('envFrom', []):
        if 'configMapRef' in source:
            values.update(d['ConfigMap/' + source['configMapRef']['name']]['data'])
        else:
            secret = open(f"{folder}/secrets/{source['secretRef']['name']}").read().splitlines()
            values.update(line.split('=', 1) for line in secret)
    values.update((v['name'], v['value']) for v in one.get('env', []))
    for own in open(f'{folder}/here').read().splitlines():
        name, value = own.split('=', 1)
        if name in values: values[name] = value
    return ' '.join(shlex.quote(f'{k}={v}') for k, v in values.items())
def command(key):
    entry = json.loads(re.findall(r'^ENTRYPOINT (.*)$', image, re.M)[-1])
    return ' '.join(map(shlex.quote, entry + pod(key)['containers'][0].get('args', [])))
def probe(key, name):
    get = pod(key)['containers'][0][name]['httpGet']
    port = next(p['containerPort'] for p in pod(key)['containers'][0]['ports'] if p['name'] == get['port'])
    return ' '.join([str(port), get['path']] + [shlex.quote(f"{h['name']}: {h['value']}") for h in get['httpHeaders']])
def query(key):
    return d[key]['spec']['triggers'][0]['metadata']['query']
print(eval(sys.argv[2]))
PYTHON
rendered() { /usr/bin/python3 "$work/read.py" "$work" "$1"; }

for form in one-node one-node-gpu many; do kubectl kustomize "deploy/kubernetes/$form" >"$work/rendered.yaml"; done
kubectl kustomize deploy/kubernetes/many-gpu >"$work/rendered.yaml"
namespace bridge ; namespace client

namespace db
mkdir "$work/database" && chown postgres "$work/database"
(cd / && runuser -u postgres -- "$postgres/initdb" -D "$work/database" -A trust >/dev/null)
echo 'host all all 10.213.7.0/24 trust' >>"$work/database/pg_hba.conf"
(cd / && within db runuser -u postgres -- "$postgres/pg_ctl" -D "$work/database" -w -l "$work/database/log" \
  -o "-h $ip -p 5432 -k $work/database" start >/dev/null)
database=$ip
sql() { within client "$postgres/psql" -h "$database" -U postgres -d cnnservice -v ON_ERROR_STOP=1 -tAc "$1"; }
within client "$postgres/psql" -q -h "$database" -U postgres -d postgres -c 'create database cnnservice'

namespace s3
s3rver=${CNNSERVICE_S3RVER:-${TMPDIR:-/tmp}/cnnservice-s3rver/node_modules/.bin/s3rver}
[ -x "$s3rver" ] || npm install --prefix "${s3rver%/node_modules/*}" --no-audit --no-fund s3rver@3.7.1 >/dev/null
mkdir "$work/objects"
ip netns exec "$net-s3" "$s3rver" -d "$work/objects" -a "$ip" -p 9000 --no-vhost-buckets --configure-bucket cnnservice >"$work/s3.log" 2>&1 &
process[s3]=$!

# The secrets, as src/docs/kubernetes.md makes them, and the addresses of this network in place of those of the settings.
mkdir "$work/secrets"
key=$(openssl rand -hex 32)
echo "ConnectionStrings__Postgres=Host=$database;Database=cnnservice;Username=postgres" >"$work/secrets/cnnservice-database"
printf '%s\n' Artifacts__S3__AccessKey=S3RVER Artifacts__S3__SecretKey=S3RVER >"$work/secrets/cnnservice-store"
printf '%s\n' Auth__Keys__0__Name=admin "Auth__Keys__0__Sha256=$(printf %s "$key" | sha256sum | cut -c1-64)" \
  Auth__Keys__0__Scopes__0=admin >"$work/secrets/cnnservice-keys"
echo "Artifacts__S3__Endpoint=http://$ip:9000" >"$work/here"

# pod NAME MANIFEST: starts its container in a namespace of its own; the process is process[NAME].
pod() {
  local name=$1 root=$work/$1.root
  namespace "$name"
  mkdir -p "$root" "$work/$name.data" "$work/$name.tmp" && chmod 777 "$work/$name.data" "$work/$name.tmp"
  local user ; user=$(rendered "'{runAsUser}:{runAsGroup}'.format(**pod('$2')['securityContext'])")
  cat >"$work/$name.start" <<SCRIPT
set -e
mount -t tmpfs none "$root"
mkdir -p "$root"/lower/{app,data,tmp} "$root/root"
mount -t overlay none -o "lowerdir=$root/lower:/" "$root/root"
for part in proc dev sys; do mount --rbind /\$part "$root/root/\$part"; done
mount --bind "$app" "$root/root/app" && mount -o remount,bind,ro "$root/root/app"
mount --bind "$work/$name.data" "$root/root/data"
mount --bind "$work/$name.tmp" "$root/root/tmp"
cd /
exec chroot --userspec=$user "$root/root" /usr/bin/env -i PATH=/usr/bin:/bin $(rendered "environment('$2')") $(rendered "command('$2')")
SCRIPT
  ip netns exec "$net-$name" unshare -m bash "$work/$name.start" >"$work/$name.log" 2>&1 &
  process[$name]=$!
}
ends() { # NAME CODE: waits for a pod's end
  local code=0 ; wait "${process[$1]}" || code=$?
  unset "process[$1]"
  [ "$code" = "$2" ] || failed "$1 ended with $code instead of $2"
}
probe() { # NAME ADDRESS PROBE: the status that a probe of the manifest gets
  local parts ; eval "parts=($(rendered "probe('Deployment/cnnservice-api', '$3')"))"
  local headers=() ; for one in "${parts[@]:2}"; do headers+=(-H "$one"); done
  within "$1" curl -s -o /dev/null -m 3 -w '%{http_code}' "${headers[@]}" "http://$2:${parts[0]}${parts[1]}" || true
}
call() { # ADDRESS PATH [CURL'S ARGUMENTS]
  local at=$1 path=$2 ; shift 2
  within client curl -sS -m 60 --fail-with-body -H "X-Api-Key: $key" -H 'Host: cnnservice' "http://$at:8080$path" "$@"
}
counted() { sql "$(rendered "query('ScaledJob/$1')")"; }
counts() { # PROCESSOR GPU WHY: what the queries of both ScaledJobs say now
  local found ; found="$(counted cnnservice-worker) $(counted cnnservice-worker-gpu)"
  [ "$found" = "$1 $2" ] || failed "$3: the queries count $found instead of $1 $2"
  told "$3: the queries count $found"
}
until_true() { # SECONDS COMMAND...
  local limit=$((SECONDS + $1)) ; shift
  until "$@"; do [ $SECONDS -lt $limit ] || failed "waited in vain: $*"; sleep 0.5; done
}
state() { [ "$(call "$first" "/runs/$run" | jq -r .state)" = "$1" ]; }
train() { # EPOCHS FIELDS
  run=$(call "$first" /train -H 'Content-Type: application/json' -d '{"dataset":"shapes","model":"m","precision":"float32","epochs":'"$1"',
    "batchSize":16,'"$2"'"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
    {"type":"conv2d","name":"conv","filters":16,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
    {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}}' | jq -r .id)
}
told 'a database and an S3 server run'

pod migrate Job/cnnservice-migrate ; ends migrate 0
told "the migrate job ended; the database has $(sql 'select count(*) from "__EFMigrationsHistory"') migrations"
pod api1 Deployment/cnnservice-api ; first=$ip
pod api2 Deployment/cnnservice-api ; second=$ip
ready() { [ "$(probe client "$1" startupProbe)" = 200 ] && [ "$(probe client "$1" readinessProbe)" = 200 ]; }
until_true 60 ready "$first" ; until_true 60 ready "$second"
told 'two APIs are ready: their probes need no key'
[ "$(within client curl -s -o /dev/null -w '%{http_code}' "http://$first:8080/health/ready")" = 400 ] \
  || failed 'the probe would do without its Host header'
[ "$(within client curl -s -o /dev/null -w '%{http_code}' -H 'Host: cnnservice' "http://$first:8080/models")" = 401 ] \
  || failed 'the API answers without a key'
counts 0 0 'nothing waits'
pod idle ScaledJob/cnnservice-worker ; ends idle 3
told 'a worker that finds nothing ends with 3'

call "$first" /datasets -H 'Content-Type: application/json' -d '{"name":"shapes","sample":"shapes"}' >/dev/null
counts 1 0 'an import waits'
pod importer ScaledJob/cnnservice-worker ; ends importer 0
counts 0 0 'a worker has imported it and ended with 0'

train 1 ''
counts 1 0 'a run waits'
pod trainer ScaledJob/cnnservice-worker
until_true 60 state running
counts 0 0 'a worker has the run'
ends trainer 0 ; state succeeded || failed 'the run has not succeeded'
counts 0 0 'the run has succeeded, its worker ended with 0'
call "$second" /models/m/versions/1/onnx -o "$work/model.onnx" && [ -s "$work/model.onnx" ] || failed 'the other API has no model'
told "the other API gives the model out: $(stat -c %s "$work/model.onnx") bytes"

for case in '1 0 "memory=14g"' '0 0 "memory=15g"' '0 0 "site=north"' '0 1 "gpu"' '0 1 "gpu","memory=28g"' '0 0 "gpu","memory=29g"'; do
  read -r processor gpu labels <<<"$case"
  train 1 "\"requires\":[$labels],"
  counts "$processor" "$gpu" "a run requires $labels"
  call "$first" "/runs/$run/cancel" -X POST >/dev/null
done
counts 0 0 'they are cancelled'

train 400 ''
pod killed ScaledJob/cnnservice-worker
until_true 60 state running
kill -KILL "${process[killed]}" ; ends killed 137
counts 0 0 'a worker was killed; its claim holds'
lapsed() { [ "$(counted cnnservice-worker)" = 1 ]; }
until_true 40 lapsed
told 'its claim has lapsed: the query counts 1'
pod heir ScaledJob/cnnservice-worker
held() { [ "$(counted cnnservice-worker)" = 0 ] && state running; }
until_true 60 held
told 'another worker has the run'
began=$SECONDS ; kill -TERM "${process[heir]}" ; ends heir 0
[ $((SECONDS - began)) -le "$(rendered "pod('ScaledJob/cnnservice-worker')['terminationGracePeriodSeconds']")" ] || failed 'the stop took too long'
counts 1 0 "a worker that was told to stop gave its run back and ended with 0 after $((SECONDS - began)) s"
call "$first" "/runs/$run/cancel" -X POST >/dev/null

began=$SECONDS ; kill -TERM "${process[api1]}" ; sleep 1
[ "$(probe client "$first" readinessProbe)" = 503 ] || failed 'an API that was told to stop says that it is ready'
call "$first" /models >/dev/null || failed 'an API that was told to stop refuses what still comes'
told 'an API that was told to stop is not ready, and answers'
ends api1 0
[ $((SECONDS - began)) -le "$(rendered "pod('Deployment/cnnservice-api')['terminationGracePeriodSeconds']")" ] || failed 'the stop took too long'
told "it ended with 0 after $((SECONDS - began)) s"
call "$second" /models >/dev/null || failed 'the other API does not answer'
told 'all is as it should be'
