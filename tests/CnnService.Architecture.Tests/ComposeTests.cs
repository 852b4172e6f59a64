using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace CnnService.Architecture.Tests;

/// <summary>docker-compose.yml, read as compose reads it: with anchors and merge keys resolved.</summary>
public class ComposeTests
{
    [Fact]
    public void GpuService_ReservesOneDeviceAndStartsInItsProfileOnly()
    {
        var service = Service("cnnservice-gpu");
        var device = Map(List(Map(Map(Map(service["deploy"])["resources"])["reservations"])["devices"])[0]);

        Assert.Equal(["gpu"], List(service["profiles"]));
        Assert.Equal(("nvidia", "1"), ((string)device["driver"], (string)device["count"]));
        Assert.Equal(["gpu"], List(device["capabilities"]));
        Assert.Equal("docker/Dockerfile.cuda", Map(service["build"])["dockerfile"]);
        Assert.DoesNotContain("profiles", Service("cnnservice").Keys);
    }

    /// <summary>But for memory, and threads, which hosts with GPUs have more of.</summary>
    [Fact]
    public void GpuService_IsOtherwiseTheSameAsTheOne()
    {
        string[] own = ["build", "mem_limit", "pids_limit"];
        var (cpu, gpu) = (Service("cnnservice"), Service("cnnservice-gpu"));

        Assert.Equal(["deploy", "profiles"], gpu.Keys.Except(cpu.Keys).Order());
        Assert.All(cpu.Keys.Except(own), key => Assert.Equal(Text(cpu[key]), Text(gpu[key])));
        Assert.Contains("Auth__Keys__0__Sha256", Map(gpu["environment"]).Keys);
    }

    [Fact]
    public void Services_NameFilesThatAreThere() => Assert.All(["cnnservice", "cnnservice-gpu"], name =>
        Assert.True(File.Exists(Path.Combine(Product.Root(), (string)Map(Service(name)["build"])["dockerfile"]))));

    private static Dictionary<string, object> Service(string name)
    {
        using var text = File.OpenText(Path.Combine(Product.Root(), "docker-compose.yml"));
        var parser = new MergingParser(new Parser(text));
        var file = Map(new DeserializerBuilder().Build().Deserialize<object>(parser)!);
        return Map(Map(file["services"])[name]);
    }

    private static Dictionary<string, object> Map(object node) =>
        ((Dictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    private static List<object> List(object node) => (List<object>)node;

    private static string Text(object node) => new SerializerBuilder().Build().Serialize(node);
}
