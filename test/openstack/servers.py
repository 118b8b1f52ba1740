"""Adds servers to Nova's database, with their ports on Neutron, and tells what it made as JSON.

No hypervisor runs here: what a compute node would have written is written by Nova's own objects. Standard input is a
list of objects; all but `name` may be left out:

    {"name": "web1", "project": "demo", "status": "ACTIVE", "metadata": {"role": "web"}, "flavor": "m1.small",
     "zone": "nova", "image": "<uuid>", "key": "<name of the key pair>", "security_groups": ["<name>"],
     "addresses": [{"network": "private", "address": "10.0.0.5", "floating": "203.0.113.5"}]}

Each address is a port on RegionOne's Neutron, of the network of that name in the project, which is made where there
is none. `security_groups` are those of every port; the project's default group where nothing is said.
"""

import ipaddress
import json
import sys
import uuid

import openstack
from nova import config, context, objects
from nova.compute import vm_states
from nova.network import model

VM_STATES = {
    "ACTIVE": vm_states.ACTIVE,
    "BUILD": vm_states.BUILDING,
    "ERROR": vm_states.ERROR,
    "PAUSED": vm_states.PAUSED,
    "SHUTOFF": vm_states.STOPPED,
    "SUSPENDED": vm_states.SUSPENDED,
}


def add_server(spec):
    # As a member of the project: a network's owner alone may add subnets to it. The user is called as the project is.
    account = spec.get("project", "demo")
    cloud = openstack.connect(username=account, project_name=account)
    project, user = cloud.current_project_id, cloud.current_user_id
    server = str(uuid.uuid4())
    ports = [add_port(cloud, project, server, spec, each) for each in spec.get("addresses", [])]
    admin = context.get_admin_context()
    cell = next(each for each in objects.CellMappingList.get_all(admin) if each.name == "cell1")
    objects.InstanceMapping(
        admin, instance_uuid=server, cell_mapping=cell, project_id=project, user_id=user, queued_for_delete=False
    ).create()
    status = spec.get("status", "ACTIVE")
    zone = spec.get("zone", "nova")
    host = find_host(admin, zone)
    flavor = find_flavor(admin, spec.get("flavor", "m1.small"))
    with context.target_cell(admin, cell) as in_cell:
        instance = objects.Instance(
            in_cell,
            uuid=server,
            project_id=project,
            user_id=user,
            display_name=spec["name"],
            hostname=spec["name"],
            host=host,
            node=host,
            launched_on=host,
            reservation_id="r-" + server[:8],
            availability_zone=zone,
            image_ref=spec.get("image", ""),
            key_name=spec.get("key"),
            metadata=spec.get("metadata", {}),
            system_metadata={},
            vm_state=VM_STATES[status],
            power_state=1 if status == "ACTIVE" else 4,
            memory_mb=flavor.memory_mb,
            vcpus=flavor.vcpus,
            root_gb=flavor.root_gb,
            ephemeral_gb=0,
            root_device_name="/dev/vda",
            config_drive="",
            launch_index=0,
            progress=0,
            flavor=flavor,
            old_flavor=None,
            new_flavor=None,
            info_cache=objects.InstanceInfoCache(network_info=model.NetworkInfo()),
            security_groups=objects.SecurityGroupList(objects=[]),
        )
        instance.create()
        # A row without it makes the list answer 500.
        cache = objects.InstanceInfoCache.get_by_instance_uuid(in_cell, server)
        cache.network_info = model.NetworkInfo([vif for _, vif in ports])
        cache.save()
    return {"id": server, "name": spec["name"], "project": project, "ports": [port for port, _ in ports]}


def find_host(admin, zone):
    """A host of the zone, which is a property of an aggregate of hosts; "nova" is where there is none."""
    host = f"compute-{zone}"
    if zone != "nova" and not objects.AggregateList.get_by_host(admin, host):
        aggregate = objects.Aggregate(admin, name=zone, metadata={"availability_zone": zone})
        aggregate.create()
        aggregate.add_host(host)
    return host


def find_flavor(admin, name):
    found = [each for each in objects.FlavorList.get_all(admin) if each.name == name]
    if found:
        return found[0]
    flavor = objects.Flavor(
        admin, name=name, flavorid=name, memory_mb=2048, vcpus=1, root_gb=20, ephemeral_gb=0, swap=0, rxtx_factor=1.0,
        vcpu_weight=0, disabled=False, is_public=True, extra_specs={},
    )
    flavor.create()
    return flavor


def add_port(cloud, project, server, spec, wanted):
    """One port, and how Nova remembers it."""
    address = ipaddress.ip_address(wanted["address"])
    network = find_network(cloud, project, wanted.get("network", "private"))
    subnet = find_subnet(cloud, project, network, address)
    arguments = {
        "project_id": project,
        "network_id": network.id,
        "fixed_ips": [{"subnet_id": subnet.id, "ip_address": str(address)}],
        "device_id": server,
        "device_owner": "compute:nova",
    }
    if "security_groups" in spec:
        arguments["security_groups"] = [
            next(cloud.network.security_groups(project_id=project, name=name)).id for name in spec["security_groups"]
        ]
    port = cloud.network.create_port(**arguments)
    floating = [model.IP(address=wanted["floating"], type="floating")] if "floating" in wanted else []
    fixed = model.FixedIP(address=str(address), version=address.version, floating_ips=floating)
    vif = model.VIF(
        id=port.id,
        address=port.mac_address,
        network=model.Network(
            id=network.id,
            label=network.name,
            subnets=[model.Subnet(cidr=subnet.cidr, version=address.version, ips=[fixed])],
        ),
        type="ovs",
        active=True,
    )
    return {"id": port.id, "security_groups": port.security_group_ids}, vif


def find_network(cloud, project, name):
    found = next(cloud.network.networks(project_id=project, name=name), None)
    return found or cloud.network.create_network(project_id=project, name=name)


def find_subnet(cloud, project, network, address):
    subnets = cloud.network.subnets(network_id=network.id, ip_version=address.version)
    found = next((each for each in subnets if address in ipaddress.ip_network(each.cidr)), None)
    prefix = 24 if address.version == 4 else 64
    cidr = str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
    return found or cloud.network.create_subnet(
        project_id=project, network_id=network.id, ip_version=address.version, cidr=cidr
    )


config.parse_args(["servers.py", "--config-file", "/srv/cloud/nova/nova.conf"])
objects.register_all()
json.dump([add_server(each) for each in json.load(sys.stdin)], sys.stdout)
