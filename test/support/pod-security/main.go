// Decides pods by upstream's own Pod Security code. Each line of standard input is a question in JSON, each line of
// standard output its answer: the ids of the checks that forbid the pod.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type question struct {
	Level   string     `json:"level"`
	Version string     `json:"version"`
	Pod     corev1.Pod `json:"pod"`
}

type forbidden struct {
	Check  string `json:"check"`
	Detail string `json:"detail"`
}

func main() {
	if err := answerAll(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answerAll(in io.Reader, out io.Writer) error {
	evaluator, err := policy.NewEvaluator(namedChecks(), nil)
	if err != nil {
		return err
	}
	answers := bufio.NewWriter(out)
	defer answers.Flush()
	questions := json.NewDecoder(bufio.NewReader(in))
	lines := json.NewEncoder(answers)
	for {
		var asked question
		if err := questions.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		at, err := levelVersion(asked)
		if err != nil {
			return err
		}
		answer := []forbidden{}
		for _, result := range evaluator.EvaluatePod(at, &asked.Pod.ObjectMeta, &asked.Pod.Spec) {
			if !result.Allowed {
				answer = append(answer, forbidden{result.ForbiddenReason, result.ForbiddenDetail})
			}
		}
		if err := lines.Encode(answer); err != nil {
			return err
		}
	}
}

func levelVersion(asked question) (api.LevelVersion, error) {
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return api.LevelVersion{}, err
	}
	version, err := api.ParseVersion(asked.Version)
	return api.LevelVersion{Level: level, Version: version}, err
}

// namedChecks are upstream's, but for the reason, which is the check's id: results do not name their check otherwise.
func namedChecks() []policy.Check {
	checks := policy.DefaultChecks()
	for i := range checks {
		id := string(checks[i].ID)
		for j := range checks[i].Versions {
			decide := checks[i].Versions[j].CheckPod
			checks[i].Versions[j].CheckPod = func(meta *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
				result := decide(meta, spec)
				if !result.Allowed {
					result.ForbiddenReason = id
				}
				return result
			}
		}
	}
	return checks
}
