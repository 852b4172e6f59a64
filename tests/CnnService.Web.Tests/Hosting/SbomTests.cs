using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Hosting;

/// <summary>The list of packages beside the service, judged by what the runtime itself is told to load.</summary>
public class SbomTests
{
    private static string Folder => Path.Combine(
        Repository.Root, "src", "CnnService.Web", "bin", Repository.Configuration, "net10.0");

    [Fact]
    public void Bom_NamesEveryPackageThatTheRuntimeLoadsAFileOf()
    {
        using var bom = Read("bom.json");
        using var deps = Read("CnnService.Web.deps.json");
        var shipped = deps.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(library => library.Value.EnumerateObject().Any(part => part.Name is "runtime" or "native" or "runtimeTargets"))
            .Select(library => library.Name)
            .Where(name => deps.RootElement.GetProperty("libraries").GetProperty(name).GetProperty("type").GetString() == "package");
        var listed = Components(bom).Select(part => $"{part.GetProperty("name")}/{part.GetProperty("version")}").ToHashSet();

        Assert.Empty(shipped.Except(listed));
        Assert.Contains(listed, name => name.StartsWith("TorchSharp/", StringComparison.Ordinal));
    }

    [Fact]
    public void Bom_IsCycloneDx_WithHashAndLicenceOfEachPackage()
    {
        using var bom = Read("bom.json");
        var root = bom.RootElement;

        Assert.Equal(("CycloneDX", "1.6"), (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            root.GetProperty("serialNumber").GetString());
        Assert.All(Components(bom), part =>
        {
            Assert.Matches("^[0-9a-f]{128}$", part.GetProperty("hashes")[0].GetProperty("content").GetString());
            Assert.True(part.TryGetProperty("licenses", out _), $"{part.GetProperty("name")} has no licence");
            Assert.Equal($"pkg:nuget/{part.GetProperty("name")}@{part.GetProperty("version")}", part.GetProperty("purl").GetString());
        });
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));

    private static JsonElement.ArrayEnumerator Components(JsonDocument bom) => bom.RootElement.GetProperty("components").EnumerateArray();
}
