namespace CnnService.Web.Tests.Commands;

/// <summary>Commands of the manual that the tests do not run, each with the reason.</summary>
internal static class NotRun
{
    private const string Train = "curl localhost:5000/train -H 'Content-Type: application/json' -d";
    private const string Suite = "the suite itself";
    private const string Gpu = "needs a GPU, or the gigabytes of its libraries";
    private const string Other = "a program that is not part of this one";
    private const string System = "changes the system it runs on";
    private const string Docker = "needs a docker daemon";
    private const string Network = "needs a database on another machine";
    private const string Copies = "names folders of another machine; StoreVerbTests copy, back up and restore services";
    private const string Weights = "needs weights of hundreds of megabytes that nobody may pass on; ModelImportApiTests import small ones";

    /// <summary>Pages, and what their commands begin with.</summary>
    public static IReadOnlyList<(string Page, string Start, string Reason)> All { get; } =
    [
        ("README.md", "bash tests/run.sh", Suite),
        ("src/docs/gpu.md", "python3 -m venv torch", Gpu),
        ("src/docs/gpu.md", "torch/bin/pip install", Gpu),
        ("src/docs/gpu.md", "export Torch__LibraryPath", Gpu),
        ("src/docs/gpu.md", "export Serving__Device", Gpu),
        ("src/docs/gpu.md", "for project in CnnService.Web", Gpu),
        ("src/docs/gpu.md", "bash docker/check-libraries.sh", Gpu),
        ("src/docs/gpu.md", "app/cnn doctor", Gpu),
        ("src/docs/gpu.md", "app/CnnService.Web", Gpu),
        ("src/docs/gpu.md", "bash tests/CnnService.Benchmarks/gpu.sh", Gpu),
        ("src/docs/operating.md", "prometheus ", Other),
        ("src/docs/serving.md", "grpcurl ", "a program that is not part of this one; InferenceRpcTests make these calls"),
        ("src/docs/installing.md", "dotnet publish", "takes minutes and a gigabyte; the two commands above run what it publishes"),
        ("src/docs/installing.md", "dotnet run -c Release --project src/CnnService.Web -- backup", Copies),
        ("src/docs/installing.md", "dotnet run -c Release --project src/CnnService.Web -- restore", Copies),
        ("src/docs/installing.md", "sudo ", System),
        ("src/docs/installing.md", "docker compose", Docker),
        ("src/docs/many-machines.md", "export ConnectionStrings__Postgres", Network),
        ("src/docs/many-machines.md", "export Artifacts__", Network),
        ("src/docs/many-machines.md", "export To__", Network),
        ("src/docs/many-machines.md", "dotnet run -c Release --project src/CnnService.Web --", Network),
        ("src/docs/kubernetes.md", "docker ", Docker),
        ("src/docs/kubernetes.md", "kubectl ", "needs a cluster; KubernetesTests read what is applied"),
        ("src/docs/kubernetes.md", "bash tests/kubernetes.sh", "takes network namespaces, and minutes"),
        ("src/docs/importing.md", "curl -F name=vgg -F file=@vgg16.safetensors", Weights),
        ("src/docs/importing.md", "curl -F name=vgg-keras", Weights),
        ("src/docs/training.md", $"{Train} '{{ \"dataset\": \"pets\", \"model\": \"pets-vgg\"", Weights),
        ("src/docs/command-line.md", "cnn import vgg16.safetensors", Weights),
        ("src/docs/clients.md", "dotnet pack", "PackageTests pack it"),
        ("src/docs/command-line.md", "dotnet pack", "PackageTests pack, install and run it"),
        ("src/docs/command-line.md", "dotnet tool install", "PackageTests pack, install and run it"),
        ("src/docs/command-line.md", "tools/cnn doctor", "PackageTests pack, install and run it"),
        ("src/docs/security.md", "curl -H 'X-Api-Key: cnn_…'", "names a host that is not there; AccessTests send keys in both headers"),
        ("src/docs/serving.md", "curl -X PUT localhost:5000/models/pets/serving -H 'Content-Type: application/json' -d '{\"precision\"",
            "rests on whether this machine computes with 8-bit integers faster; QuantizationApiTests"),
        ("src/docs/serving.md", "curl -OJ 'localhost:5000/models/pets/versions/1/onnx?precision=int8'",
            "rests on whether this machine computes with 8-bit integers faster; QuantizationApiTests"),
        ("src/docs/importing.md", "curl -F name=mine", "needs files as PyTorch writes them; ModelImportApiTests import some"),
        ("src/docs/importing.md", "curl -F name=own", "needs a network and weights of one's own; ModelImportApiTests import some"),
        ("src/docs/importing.md", "curl -F name=faces", "needs a file with such an output; ModelImportApiTests import one"),
    ];

    /// <summary>Why the command is not run; null if it is.</summary>
    public static string? Reason(ManualCommand command) => All
        .Where(one => one.Page == command.Page && command.Text.StartsWith(one.Start, StringComparison.Ordinal))
        .Select(one => one.Reason).FirstOrDefault();
}
