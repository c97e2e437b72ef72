"""The rules and the recorded events of card `falco-devmem`."""

from __future__ import annotations

from tools.material.recording import (
    BOTH,
    HOST,
    RULES,
    WRITE,
    Place,
    Process,
    alerts,
    closed,
    everyday,
    opened,
    recording,
)

_MEMORY = "/dev/mem"
_GAUGE = Place(
    "plant", "gauge-6f8c7d9b5-t2x8w", "exporter", "registry.example.com/plant/gauge", "4.1.0", True
)
_SENSOR = Place(
    "plant", "sensor-7d4b9c6f5d-x2k4p", "sensor", "registry.example.com/plant/sensor", "2.2.1", True
)
_OTHER = Place("plant", "sensor-hub-59f8b7d6c-m5n7t", "hub", "registry.example.com/plant/hub", "1.0.3", True)
_LAB = Place("lab", "gauge-6f8c7d9b5-q9v4k", "exporter", "registry.example.com/plant/gauge", "4.1.0", True)
_VALVE = Place("plant", "valve-84c5d6f7b9-r3p6z", "valve", "registry.example.com/plant/valve", "1.7.2")


def files() -> dict[str, str]:
    """The material by name."""
    reader = Process("/opt/exporter/bin/collect", "--interval 300", parent="exporter")
    devmem = Process("/usr/bin/devmem2", "0x3f200000", parent="valve")
    writer = Process("/app/calibrate", "--raw", parent="sensor")
    hub = Process("/app/hub", "--shm /dev/shm/mem", parent="containerd-shim")
    dmi = Process("/usr/sbin/dmidecode", "-t memory", parent="bash", grandparent="sshd")
    events = everyday("device memory", 440, (_GAUGE, _SENSOR, _OTHER, _LAB, _VALVE, HOST))
    for at in (640, 1840, 3040):
        events += [opened(at, _GAUGE, reader, _MEMORY), closed(at + 1, _GAUGE, reader, _MEMORY)]
    events += [
        opened(940, _GAUGE, reader, _MEMORY, BOTH, by="open"),
        # not the device, not reading, not in a container, not allowed
        opened(700, _OTHER, hub, "/dev/shm/mem", BOTH),  # noqa: S108 - a path of the recording
        opened(710, _LAB, Process("/opt/exporter/bin/collect", "--demo", parent="exporter"), "/dev/mem0"),
        opened(1020, _LAB, reader, "/var/lib/gauge/dev/mem"),
        opened(820, _SENSOR, writer, _MEMORY, WRITE),
        closed(821, _SENSOR, writer, _MEMORY),
        opened(1500, HOST, dmi, _MEMORY),
        closed(1501, HOST, dmi, _MEMORY),
        *(opened(at, _VALVE, devmem, _MEMORY, error="EACCES") for at in (400, 1200, 2000, 2800)),
        opened(2200, _SENSOR, Process("/bin/grep", "-r /dev/mem /etc", parent="sh"), "/etc/sensor.conf"),
    ]
    events += alerts(_LAB, 3300)
    return {"falco_rules.yaml": RULES, "events.jsonl": recording("device memory", events)}
