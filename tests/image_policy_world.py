"""A kube-apiserver with ImagePolicyWebhook wired, file by file."""

from __future__ import annotations

from tests.static_pod_maker import APISERVER, with_flags, with_mount

FOLDER = "/etc/kubernetes/imagepolicy"

POD = with_mount(
    with_flags(
        APISERVER.replace("=NodeRestriction", "=NodeRestriction,ImagePolicyWebhook"),
        f"--admission-control-config-file={FOLDER}/admission.yaml",
    ),
    FOLDER,
)
ADMISSION = f"""\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: ImagePolicyWebhook
  configuration:
    imagePolicy:
      kubeConfigFile: {FOLDER}/kubeconfig.yaml
      allowTTL: 100
      denyTTL: 50
      retryBackoff: 500
      defaultAllow: false
"""
KUBECONFIG = f"""\
apiVersion: v1
kind: Config
current-context: webhook
clusters: [{{name: scanner, cluster: {{server: "https://scanner:8443/review", certificate-authority: {FOLDER}/ca.crt}}}}]
users: [{{name: apiserver, user: {{client-certificate: client.crt, client-key: client.key}}}}]
contexts: [{{name: webhook, context: {{cluster: scanner, user: apiserver}}}}]
"""
FILES = {
    f"{FOLDER}/admission.yaml": ADMISSION,
    f"{FOLDER}/kubeconfig.yaml": KUBECONFIG,
    f"{FOLDER}/ca.crt": "",
    f"{FOLDER}/client.crt": "",
    f"{FOLDER}/client.key": "",
}
