// Answers cases of cases.ts with kube-scheduler's own plugins: reads one case a line, writes one answer a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	appsv1 "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/latest"
	"k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins"
	"k8s.io/kubernetes/pkg/scheduler/framework/runtime"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

type question struct {
	Pod         *v1.Pod              `json:"pod"`
	Nodes       []*v1.Node           `json:"nodes"`
	Pods        []*v1.Pod            `json:"pods"`
	ReplicaSets []*appsv1.ReplicaSet `json:"replicaSets"`
	Services    []*v1.Service        `json:"services"`
}

type answer struct {
	Feasible []string            `json:"feasible"`
	Reasons  map[string][]string `json:"reasons"`
	// Weighted, by plugin and node.
	Scores map[string]map[string]int64 `json:"scores"`
}

// What has nothing to say of these cases, and would need more of a cluster than they have.
var leftOut = map[string]bool{
	"DynamicResources": true, "VolumeBinding": true, "VolumeZone": true, "VolumeRestrictions": true,
	"NodeVolumeLimits": true, "DefaultPreemption": true,
}

func main() {
	metrics.Register()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		must(json.Unmarshal(lines.Bytes(), &asked))
		must(out.Encode(answerOf(asked)))
	}
}

func answerOf(asked question) answer {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	snapshot := cache.NewSnapshot(asked.Pods, asked.Nodes)
	f, err := runtime.NewFramework(ctx, plugins.NewInTreeRegistry(), profile(),
		runtime.WithClientSet(fake.NewSimpleClientset()), runtime.WithInformerFactory(informersOf(asked)),
		runtime.WithSnapshotSharedLister(snapshot))
	must(err)
	found := answer{Feasible: []string{}, Reasons: map[string][]string{}, Scores: map[string]map[string]int64{}}
	state := framework.NewCycleState()
	named, status, _ := f.RunPreFilterPlugins(ctx, state, asked.Pod)
	if !status.IsSuccess() {
		return found
	}
	nodes, err := snapshot.NodeInfos().List()
	must(err)
	var feasible []fwk.NodeInfo
	for _, node := range nodes {
		name := node.Node().Name
		if !named.AllNodes() && !named.NodeNames.Has(name) {
			continue
		}
		if status := f.RunFilterPlugins(ctx, state, asked.Pod, node); status.IsSuccess() {
			feasible = append(feasible, node)
			found.Feasible = append(found.Feasible, name)
		} else {
			found.Reasons[name] = status.Reasons()
			sort.Strings(found.Reasons[name])
		}
	}
	sort.Strings(found.Feasible)
	if len(feasible) < 2 {
		return found
	}
	must(f.RunPreScorePlugins(ctx, state, asked.Pod, feasible).AsError())
	scores, status := f.RunScorePlugins(ctx, state, asked.Pod, feasible)
	must(status.AsError())
	for _, node := range scores {
		for _, score := range node.Scores {
			if found.Scores[score.Name] == nil {
				found.Scores[score.Name] = map[string]int64{}
			}
			found.Scores[score.Name][node.Name] = score.Score
		}
	}
	return found
}

func profile() *config.KubeSchedulerProfile {
	defaults, err := latest.Default()
	must(err)
	enabled := &defaults.Profiles[0].Plugins.MultiPoint.Enabled
	kept := []config.Plugin{}
	for _, plugin := range *enabled {
		if !leftOut[plugin.Name] {
			kept = append(kept, plugin)
		}
	}
	*enabled = kept
	return &defaults.Profiles[0]
}

func informersOf(asked question) informers.SharedInformerFactory {
	factory := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	for _, replicaSet := range asked.ReplicaSets {
		must(factory.Apps().V1().ReplicaSets().Informer().GetIndexer().Add(replicaSet))
	}
	for _, service := range asked.Services {
		must(factory.Core().V1().Services().Informer().GetIndexer().Add(service))
	}
	for _, pod := range append(asked.Pods, asked.Pod) {
		name := pod.Namespace
		labels := map[string]string{"kubernetes.io/metadata.name": name}
		namespace := &v1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
		must(factory.Core().V1().Namespaces().Informer().GetIndexer().Add(namespace))
	}
	return factory
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
