using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using CnnService.Core.Models;

namespace CnnService.Web.Tests.Cli;

/// <summary>--json of every verb: one JSON value on standard output, whatever happens.</summary>
public sealed partial class JsonTests : IDisposable
{
    private const string Network = """
        {"input":{"height":8,"width":8,"channels":3},"layers":[
          {"type":"conv2d","name":"look","filters":2,"kernelSize":1},
          {"type":"globalAveragePooling2d","name":"mean"},
          {"type":"dense","name":"choose","units":2}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs =>
    [
        "train", "recipes", "starts", "inspect", "health", "import", "describe", "classify", "pattern", "feature-map", "explain", "gallery",
        "doctor", "key",
    ];

    [Fact]
    public async Task Help_OfAll_ListsTheVerbsThatAreTestedHere()
    {
        var help = await CommandLineRun.RunAsync("--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Equal(
            Verbs.Select(verb => verb.Data).Order(),
            CommandName().Matches(help.Output[help.Output.IndexOf("Commands:", StringComparison.Ordinal)..])
                .Select(match => match.Groups[1].Value).Order());
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_WithAnUnknownOption_TellsAProblemAsJson(string verb)
    {
        var refused = await CommandLineRun.RunAsync(verb, "--colour", "red", "--json");

        Assert.Equal((2, string.Empty), (refused.ExitCode, refused.Errors));
        var problem = refused.Json.GetProperty("problem");
        Assert.Equal("command.invalid", problem.GetProperty("code").GetString());
        Assert.Contains("--colour", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipes_AsJson_AreThoseOfTheApi()
    {
        var told = await CommandLineRun.RunAsync("recipes", "--json");

        var recipes = told.Json.GetProperty("items").EnumerateArray().ToDictionary(recipe => recipe.GetProperty("name").GetString()!);
        Assert.Contains("article", recipes.Keys);
        Assert.Contains("quick", recipes.Keys);
        Assert.Equal("article-cnn", recipes["article"].GetProperty("request").GetProperty("architecture").GetString());
        Assert.Equal(JsonValueKind.Null, recipes["article"].GetProperty("seconds").ValueKind);
    }

    [Fact]
    public async Task Recipes_WithImages_TellWhatEachTakesPartByPart()
    {
        var told = await CommandLineRun.RunAsync("recipes", Archive(6), "--json");

        Assert.True(told.ExitCode == 0, told.Output);
        var article = told.Json.GetProperty("items").EnumerateArray().Single(recipe => recipe.GetProperty("name").GetString() == "article");
        var parts = article.GetProperty("parts").EnumerateArray()
            .ToDictionary(part => part.GetProperty("part").GetString()!, part => part.GetProperty("seconds").GetDouble());
        Assert.Equal(["preparing", "epochs", "parity", "evaluating", "publishing"], parts.Keys);
        Assert.Equal(parts.Values.Sum(), article.GetProperty("seconds").GetDouble(), 0.5); // Each is rounded to a tenth.
    }

    [Fact]
    public async Task Starts_AsJson_HoldTheItemsAndWhatIsUnusable()
    {
        var told = (await CommandLineRun.RunAsync("starts", "--json")).Json;

        Assert.Equal(JsonValueKind.Array, told.GetProperty("items").ValueKind);
        Assert.Equal(JsonValueKind.Array, told.GetProperty("unusable").ValueKind);
    }

    [Fact]
    public async Task Describe_AsJson_IsTheLayerTable()
    {
        var told = (await CommandLineRun.RunAsync("describe", "lenet5", "--json")).Json;

        var layers = told.GetProperty("layers").EnumerateArray().ToArray();
        Assert.Equal(
            layers.Sum(layer => layer.GetProperty("parameters").GetInt64()),
            told.GetProperty("totals").GetProperty("parameters").GetInt64());
    }

    [Fact]
    public async Task KeyNew_AsJson_HoldsTheKeyAndItsHash()
    {
        var told = (await CommandLineRun.RunAsync("key", "new", "--name", "team", "--scopes", "train", "--json")).Json;

        var key = told.GetProperty("key").GetString()!;
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
        Assert.Equal(Convert.ToHexStringLower(hash), told.GetProperty("settings").GetProperty("Auth__Keys__0__Sha256").GetString());
    }

    [Fact]
    public async Task Doctor_AsJson_TellsEachPart()
    {
        var told = await CommandLineRun.RunAsync("doctor", "--json");

        Assert.True(told.ExitCode == 0, told.Output);
        Assert.True(told.Json.GetProperty("ok").GetBoolean());
        var parts = told.Json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("part").GetString());
        Assert.Equal(
            ["cnn", "machine", "training", "serving", "images", "starts", "temporary files", "prepared starts"],
            parts.Where(part => part != "gpu memory in a service"));
    }

    [Fact]
    public async Task Health_AsJson_HoldsFindingsAndFigures()
    {
        var told = await CommandLineRun.RunAsync("health", Archive(6), "--json");

        Assert.True(told.ExitCode == 0, told.Output);
        Assert.Equal(6, told.Json.GetProperty("health").GetProperty("images").GetInt32());
        Assert.Contains(
            "classes.few-images",
            told.Json.GetProperty("findings").EnumerateArray().Select(found => found.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task VerbsOfAModel_AsJson_TellWhatWasMade()
    {
        var (model, image) = (Path("model"), Path("sky.png"));
        await File.WriteAllTextAsync(Path("network.json"), Network, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path("labels.txt"), "red\nblue\n", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(image, RedOrBlue.Image(10, 0, 240), TestContext.Current.CancellationToken);
        WriteWeights(Path("own.safetensors"));

        var imported = await CommandLineRun.RunAsync(
            "import", Path("own.safetensors"), "--out", model, "--architecture", Path("network.json"), "--labels", Path("labels.txt"),
            "--preprocessing", "rescale", "--json");
        Assert.True(imported.ExitCode == 0, imported.Output);
        Assert.Equal(model, imported.Json.GetProperty("folder").GetString());
        Assert.Equal(3, imported.Json.GetProperty("report").GetProperty("layers").GetInt32());

        var classified = await CommandLineRun.RunAsync("classify", model, image, Path("none.png"), "--json");
        var results = classified.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal("blue", results[0].GetProperty("label").GetString());
        Assert.Equal(0.9736, results[0].GetProperty("probability").GetDouble(), 0.0005); // 1/(1 + e^(4*(10-240)/255))
        Assert.Equal("image.not-found", results[1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((3, string.Empty), (classified.ExitCode, classified.Errors));

        string[][] drawings =
        [
            ["explain", model, image, "--method", "occlusion", "--out", Path("why.png")],
            ["feature-map", model, image, "look", "--out", Path("maps.png")],
            ["pattern", model, "look", "0", "--iterations", "16", "--out", Path("filter.png")],
        ];
        foreach (var drawing in drawings)
        {
            var drawn = await CommandLineRun.RunAsync([.. drawing, "--json"]);
            Assert.True(drawn.ExitCode == 0, drawn.Output);
            Assert.Equal(
                (drawing[^1], new FileInfo(drawing[^1]).Length),
                (drawn.Json.GetProperty("file").GetString(), drawn.Json.GetProperty("bytes").GetInt64()));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void WriteWeights(string path)
    {
        var weights = new NamedWeights();
        weights.Add("look.weight", new([2, 3, 1, 1], [1, 0, 0, 0, 0, 1]));
        weights.Add("look.bias", new([2], [0, 0]));
        weights.Add("choose.weight", new([2, 2], [4, 0, 0, 4]));
        weights.Add("choose.bias", new([2], [0, 0]));
        using var stream = File.Create(path);
        SafetensorsFile.Write(stream, weights);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    /// <summary>Images of two classes.</summary>
    private string Archive(int count)
    {
        var path = Path("birds.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 0; i < count; i++)
        {
            using var stream = zip.CreateEntry($"{(i % 2 == 0 ? "wren" : "robin")}/{i}.png").Open();
            stream.Write(RedOrBlue.Image((byte)(40 * i), 0, (byte)(255 - (20 * i))));
        }

        return path;
    }

    [GeneratedRegex(@"^  ([a-z-]+)(?: |$)", RegexOptions.Multiline)]
    private static partial Regex CommandName();
}
