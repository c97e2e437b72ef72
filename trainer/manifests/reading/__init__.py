"""From bytes to manifests with positions: YAML and JSON, typed as kubectl types them.

Start with `parse`, which gives documents, and `objects`, which makes manifests of them. `builder` reads
YAML event by event and `json_reader` JSON; `go_yaml` and `scalars` have what kubectl's reader does
otherwise than libyaml, and `yaml_errors` what to do about an error.
"""
