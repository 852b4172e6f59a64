using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace CnnService.Architecture.Tests;

/// <summary>deploy/kubernetes beside what the service, its images and its manual say.</summary>
public partial class KubernetesTests
{
    private static readonly string[] Plain = ["DataDirectory", "AllowedHosts", "ConnectionStrings:Postgres"];

    private static readonly string Folder = Path.Combine(Product.Root(), "deploy", "kubernetes");

    private static readonly string Manual = File.ReadAllText(Path.Combine(Product.Root(), "src", "docs", "kubernetes.md"));

    private static readonly IReadOnlyDictionary<string, string> Images = new Dictionary<string, string>
    {
        ["cnnservice:cpu"] = File.ReadAllText(Path.Combine(Product.Root(), "docker", "Dockerfile.cpu")),
        ["cnnservice:cuda"] = File.ReadAllText(Path.Combine(Product.Root(), "docker", "Dockerfile.cuda")),
    };

    public static TheoryData<string> Forms => ["one-node", "many"];

    public static TheoryData<string, string> Workloads => new()
    {
        { "one-node/service.yaml", "StatefulSet" },
        { "many/api.yaml", "Deployment" },
        { "many/migrate.yaml", "Job" },
        { "worker/worker.yaml", "ScaledJob" },
    };

    [Fact]
    public void Kustomizations_NameFilesThatAreThere_AndNoFileIsLeftOut()
    {
        var named = Directory.EnumerateFiles(Folder, "kustomization.yaml", SearchOption.AllDirectories).SelectMany(Named).ToHashSet();

        Assert.All(named, path => Assert.True(File.Exists(path) || File.Exists(Path.Combine(path, "kustomization.yaml")), path));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "kustomization.yaml").Except(named));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Settings_AreThoseOfTheService(string form) => Assert.All(Settings(form).Keys, name =>
        Assert.True(IsSetting(name.Replace("__", ":", StringComparison.Ordinal)), $"there is no setting {name}"));

    [Fact]
    public void Settings_OfSecretsAndWorkers_AreThoseOfTheService()
    {
        var secret = Literal().Matches(Manual).Select(match => match.Groups["name"].Value).Where(name => name != "connection").ToList();
        var own = List(Container(Read("worker/worker.yaml", "ScaledJob"))["env"]).Select(one => (string)Map(one)["name"]).ToList();

        Assert.Equal(6, secret.Count);
        Assert.All(secret.Concat(own), name => Assert.True(IsSetting(name.Replace("__", ":", StringComparison.Ordinal)), name));
        Assert.False(IsSetting("Artifacts:S3:Endpoints"));
        Assert.False(IsSetting("Training:MaxMemoryMegabytes"));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pods_RunAsTheImagesUser_AndNameWhatIsMade(string path, string kind)
    {
        var pod = Pod(Read(path, kind));
        var container = Container(Read(path, kind));
        var image = Images[(string)container["image"]];
        var security = Map(pod["securityContext"]);
        var own = Map(container["securityContext"]);

        Assert.Equal(("true", User().Match(image).Value), ((string)security["runAsNonRoot"], $"USER {security["runAsUser"]}"));
        Assert.Equal(("false", "true", "ALL"), ((string)own["allowPrivilegeEscalation"], (string)own["readOnlyRootFilesystem"],
            (string)List(Map(own["capabilities"])["drop"])[0]));
        Assert.Equal(JsonSerializer.Deserialize<string[]>(Volumes().Match(image).Groups["list"].Value)!.Order(),
            List(container["volumeMounts"]).Select(mount => (string)Map(mount)["mountPath"]).Order());
        Assert.All(List(container["envFrom"]).Select(Map), source => Assert.True(
            source.TryGetValue("configMapRef", out var map) ? (string)Map(map)["name"] == "cnnservice"
                : Manual.Contains($"secret generic {Map(source["secretRef"])["name"]} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("one-node", "one-node/service.yaml", "StatefulSet")]
    [InlineData("many", "many/api.yaml", "Deployment")]
    public void Probes_AskTheServicesRoutes_ByAHostThatItAnswersFor_AndStopsAreLongEnough(string form, string path, string kind)
    {
        var container = Container(Read(path, kind));
        var settings = Settings(form);
        var port = Map(Assert.Single(List(container["ports"])));
        var ready = Map(container["readinessProbe"]);
        var drain = TimeSpan.Parse(settings["Host__DrainTime"], null).TotalSeconds;

        foreach (var (probe, route) in (ReadOnlySpan<(string, string)>)
            [("startupProbe", "/live"), ("livenessProbe", "/live"), ("readinessProbe", "/ready")])
        {
            var get = Map(Map(container[probe])["httpGet"]);
            Assert.Equal(($"/health{route}", port["name"]), ((string)get["path"], get["port"]));
            Assert.Contains(Map(List(get["httpHeaders"])[0])["value"], settings["AllowedHosts"].Split(';'));
        }

        var operating = Product.Sources().Single(source => source.Name.EndsWith("/OperatingApi.cs", StringComparison.Ordinal)).Text;
        Assert.All(
            ["MapGroup(\"/health\")", "AllowAnonymous()", "MapGet(\"/live\"", "MapGet(\"/ready\""],
            route => Assert.Contains(route, operating));
        Assert.Contains($"EXPOSE {port["containerPort"]}", Images[(string)container["image"]]);
        Assert.True(drain > Number(ready["periodSeconds"]) * Number(ready["failureThreshold"]));
        var sleep = List(Map(Map(Map(container["lifecycle"])["preStop"])["exec"])["command"]);
        var trains = kind == "StatefulSet" ? Option("TrainingOptions", "StopWithin").TotalSeconds + 15 : 30;
        Assert.True(Number(Pod(Read(path, kind))["terminationGracePeriodSeconds"]) >= Number(sleep[1]) + drain + trains - 1);
    }

    [Fact]
    public void Commands_AreWordsThatTheServiceKnows()
    {
        var words = Product.Web.GetType("CnnService.Web.Hosting.StartWords")!
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

        Assert.Equal(
            [words["Work"], "--once", "--urls=http://127.0.0.1:0"], List(Container(Read("worker/worker.yaml", "ScaledJob"))["args"]));
        Assert.Equal([words["Migrate"]], List(Container(Read("many/migrate.yaml", "Job"))["args"]));
        Assert.Equal(["--Host:Roles=api"], List(Container(Read("many/api.yaml", "Deployment"))["args"]));
    }

    /// <summary>What a worker says that it has is what its query counts by, and the API accepts no more.</summary>
    [Fact]
    public void Workers_AreCountedForByTheirLabels()
    {
        var worker = Read("worker/worker.yaml", "ScaledJob");
        var gpu = List(Parse(Path.Combine(Folder, "many-gpu/gpu/worker.yaml")).Single()).Select(Map)
            .ToDictionary(change => (string)change["path"], change => change["value"]);
        var (query, gpuQuery) = (Query(worker), (string)gpu["/spec/triggers/0/metadata/query"]);

        Assert.Equal(Labels(Container(worker)["env"]), Has(query));
        Assert.Equal(Labels(gpu["/spec/jobTargetRef/template/spec/containers/0/env"]), Has(gpuQuery));
        Assert.Equal(Common(query), Common(gpuQuery));
        Assert.Equal((14L * 1024).ToString(), Settings("many")["Training__MaxMemoryMebibytes"]);
        Assert.Contains("memory=14g", Has(query));
        Assert.Equal("1", Map(Map(gpu["/spec/jobTargetRef/template/spec/containers/0/resources"])["limits"])["nvidia.com/gpu"]);
        Assert.Contains((string)gpu["/spec/jobTargetRef/template/spec/containers/0/image"], Images.Keys);
    }

    private static IEnumerable<string> Named(string path)
    {
        var file = Map(Parse(path).Single());
        var names = Names(file, "resources")
            .Concat(file.TryGetValue("patches", out var patches) ? List(patches).SelectMany(patch => Names(Map(patch), "path")) : [])
            .Concat(file.TryGetValue("configMapGenerator", out var maps) ? List(maps).SelectMany(map => Names(Map(map), "envs")) : []);
        return names.Select(name => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, name)));
    }

    private static IEnumerable<string> Names(Dictionary<string, object> map, string key) =>
        !map.TryGetValue(key, out var value) ? [] : value is string one ? [one] : List(value).Cast<string>();

    private static Dictionary<string, string> Settings(string form) => File.ReadLines(Path.Combine(Folder, form, "settings.env"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Whether a class of options has it: <c>Section:Property</c>, through lists and nested classes.</summary>
    private static bool IsSetting(string name) => Plain.Contains(name) || Product.All.SelectMany(assembly => assembly.GetTypes())
        .Any(type => type.GetField("Section")?.GetRawConstantValue() is string section
            && name.StartsWith(section + ":", StringComparison.Ordinal) && Has(type, name[(section.Length + 1)..].Split(':')));

    private static bool Has(Type type, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        return int.TryParse(path[0], out _)
            ? type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && Has(type.GetGenericArguments()[^1], path[1..])
            : type.GetProperty(path[0]) is { } property && Has(property.PropertyType, path[1..]);
    }

    private static TimeSpan Option(string type, string name)
    {
        var options = Product.Web.GetTypes().Single(one => one.Name == type);
        return (TimeSpan)options.GetProperty(name)!.GetValue(Activator.CreateInstance(options))!;
    }

    private static Dictionary<string, object> Read(string path, string kind) =>
        Parse(Path.Combine(Folder, path)).Select(Map).Single(one => (string)one["kind"] == kind);

    private static List<object> Parse(string path) =>
        [.. File.ReadAllText(path).Split("\n---\n").Select(text => new DeserializerBuilder().Build().Deserialize<object>(text)!)];

    private static Dictionary<string, object> Pod(Dictionary<string, object> workload)
    {
        var spec = Map(workload["spec"]);
        return Map(Map((spec.TryGetValue("jobTargetRef", out var job) ? Map(job) : spec)["template"])["spec"]);
    }

    private static Dictionary<string, object> Container(Dictionary<string, object> workload) =>
        Map(Assert.Single(List(Pod(workload)["containers"])));

    private static string Query(Dictionary<string, object> worker) =>
        (string)Map(Map(Assert.Single(List(Map(worker["spec"])["triggers"])))["metadata"])["query"];

    private static string[] Labels(object env) => ((string)Map(Assert.Single(List(env)))["value"]).Split(',');

    private static IEnumerable<string> Has(string query) => Pair()
        .Matches(query.Split('\n').Single(line => line.Contains("has (", StringComparison.Ordinal)))
        .Select(match => $"{match.Groups["name"].Value}={match.Groups["value"].Value}".TrimEnd('='));

    /// <summary>What a query is besides what its worker has, and which of its work is counted.</summary>
    private static IEnumerable<string> Common(string query) =>
        query.Split('\n').Where(line => !line.Contains("has (", StringComparison.Ordinal))
            .TakeWhile(line => !line.StartsWith("select", StringComparison.Ordinal));

    private static double Number(object text) => double.Parse((string)text, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, object> Map(object node) =>
        ((Dictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    private static List<object> List(object node) => (List<object>)node;

    [GeneratedRegex(@"--from-literal=(?<name>\w+)=")]
    private static partial Regex Literal();

    [GeneratedRegex(@"USER \d+")]
    private static partial Regex User();

    [GeneratedRegex(@"VOLUME (?<list>.+)")]
    private static partial Regex Volumes();

    [GeneratedRegex(@"\('(?<name>[^']*)', '(?<value>[^']*)'\)")]
    private static partial Regex Pair();
}
