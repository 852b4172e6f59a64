using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;

namespace CnnService.Core.Tests.Models.Starts;

/// <summary>Starts of one byte, and an import that makes a package of whatever it is given.</summary>
public sealed class StartLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PackageImport _import = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_OfSeveralFolders_IsSortedAndTheFirstOfANameCounts()
    {
        Add("own", "b", "from own");
        Add("built-in", "b", "from built-in");
        Add("built-in", "a", "a");
        Directory.CreateDirectory(_folder["built-in", "no-start"]);

        var (starts, unusable) = Catalog().List();

        Assert.Equal([("a", "a"), ("b", "from built-in")], starts.Select(start => (start.Name, start.Manifest.Summary)));
        Assert.Empty(unusable);
    }

    [Theory]
    [InlineData("{", "does not read")]
    [InlineData("{\"name\":\"b\",\"summary\":\"s\",\"surprise\":1}", "does not read")]
    public void List_AManifestThatDoesNotRead_IsTold(string manifest, string expected)
    {
        Directory.CreateDirectory(_folder["built-in", "b"]);
        File.WriteAllText(_folder["built-in", "b", "start.json"], manifest);

        var (starts, unusable) = Catalog().List();

        Assert.Empty(starts);
        Assert.Contains($"'b' cannot be used: its start.json {expected}", Assert.Single(unusable).Detail, StringComparison.Ordinal);
        Assert.Equal("start.invalid", Catalog().Find("b").Problem?.Code);
    }

    [Theory]
    [InlineData("../b.onnx", "must lie beside start.json")]
    [InlineData("gone.onnx", "'gone.onnx' is missing")]
    public void Find_FilesElsewhere_AreRefused(string file, string expected)
    {
        Add("built-in", "b", "s", manifest => manifest with { File = file });

        Assert.Contains(expected, Catalog().Find("b").Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfAStart_IsAModelThatIsImportedOnce()
    {
        Add("built-in", "b", "s");

        var loaded = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadAsync(Shared)));
        var later = await Library().LoadAsync("b", TestContext.Current.CancellationToken);

        Assert.All(loaded.Append(later), model => Assert.Equal(("b", 1, "start 'b'"),
            (model.Value.Name, model.Value.Version, model.Value.DisplayName)));
        Assert.Equal(1, _import.Count);
        Assert.Single(Directory.GetFileSystemEntries(_folder["prepared", "b"]));
    }

    [Fact]
    public async Task Load_WhileTheImportTakesLong_SaysToAskAgainAndTheImportGoesOn()
    {
        Add("built-in", "b", "s");
        var release = new TaskCompletionSource();
        _import.Until = release.Task;
        var library = new StartLibrary(Catalog(), Folders(), _import, new SixValues()) { Patience = TimeSpan.FromMilliseconds(1) };

        var first = await LoadAsync(library);
        release.SetResult();
        Outcome<LoadedModel> later;
        do
        {
            later = await LoadAsync(library);
        }
        while (later.Problem?.Code == "start.preparing");

        Assert.Equal((ProblemKind.Unavailable, "start.preparing"), (first.Problem!.Kind, first.Problem.Code));
        Assert.NotNull(first.Problem.RetryAfter);
        Assert.Equal("b", later.Value.Name);
        Assert.Equal(1, _import.Count);
    }

    [Fact]
    public async Task Load_AfterItsPackageWasDeleted_ImportsAgain()
    {
        Add("built-in", "b", "s");
        await LoadAsync(Shared);
        Directory.Delete(_folder["prepared"], recursive: true);

        Assert.Equal("b", (await LoadAsync(Shared)).Value.Name);
        Assert.True((await LoadAsync(Shared)).Succeeded);
        Assert.True(File.Exists((await LoadAsync(Shared)).Value.WeightsPath));
    }

    [Fact]
    public async Task Load_OfAFileWithAnotherHash_IsRefusedAndNothingIsImported()
    {
        Add("built-in", "b", "s");
        await File.WriteAllBytesAsync(_folder["built-in", "b", "b.onnx"], [2], TestContext.Current.CancellationToken);

        var problem = (await Library().LoadAsync("b", TestContext.Current.CancellationToken)).Problem;

        Assert.Equal(("start.damaged", 0), (problem?.Code, _import.Count));
        Assert.Contains("SHA-256", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WithAMeanImage_PassesItOnWithItsChannelsMeans()
    {
        Add("built-in", "b", "s", manifest => manifest with { MeanImage = new("b.onnx", manifest.Sha256, "Mean") });

        Assert.True((await Library().LoadAsync("b", TestContext.Current.CancellationToken)).Succeeded);

        var numbers = _import.Plan!.Preprocessing!.Numbers!;
        Assert.Equal([1.5, 3.5, 5.5], numbers.Mean);
        Assert.Equal([1, 2, 3, 4, 5, 6], numbers.MeanImage!.Values.ToArray());
    }

    [Fact]
    public async Task Load_OfANetworkThatIsNotWhatTheManifestSays_IsRefused()
    {
        Add("built-in", "b", "s", manifest => manifest with { Features = 7 });

        Assert.Equal("start.damaged", (await Library().LoadAsync("b", TestContext.Current.CancellationToken)).Problem?.Code);
    }

    [Fact]
    public async Task Load_OfNoStart_NamesThoseThereAre()
    {
        Add("built-in", "b", "s");

        var problem = (await Library().LoadAsync("c", TestContext.Current.CancellationToken)).Problem;

        Assert.Equal("start.not-found", problem?.Code);
        Assert.EndsWith("there are: b.", problem!.Detail, StringComparison.Ordinal);
    }

    private StartLibrary Shared => field ??= Library();

    private static Task<Outcome<LoadedModel>> LoadAsync(StartLibrary library) =>
        library.LoadAsync("b", TestContext.Current.CancellationToken);

    private StartFolders Folders() => new([_folder["built-in"], _folder["own"]], _folder["prepared"]);

    private StartCatalog Catalog() => new(Folders());

    private StartLibrary Library() => new(Catalog(), Folders(), _import, new SixValues());

    private void Add(string root, string name, string summary, Func<StartManifest, StartManifest>? change = null)
    {
        byte[] content = [1];
        Directory.CreateDirectory(_folder[root, name]);
        File.WriteAllBytes(_folder[root, name, $"{name}.onnx"], content);
        var manifest = new StartManifest
        {
            Name = name,
            Summary = summary,
            TrainedOn = "images",
            Source = "here",
            Licence = "MIT",
            Terms = "none",
            File = $"{name}.onnx",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Input = new(1, 2, 3),
            Features = 5,
        };
        File.WriteAllText(_folder[root, name, "start.json"],
            JsonSerializer.Serialize((change ?? (same => same))(manifest), CoreJson.Options));
    }

    private sealed class SixValues : IOnnxConstants
    {
        public Outcome<WeightTensor> Read(string path, string name) => new WeightTensor([1, 3, 1, 2], [1, 2, 3, 4, 5, 6]);
    }

    /// <summary>Makes a package of five features of a 1x2 image.</summary>
    private sealed class PackageImport : IStartImport
    {
        private int _count;

        public int Count => _count;

        public ModelImportPlan? Plan { get; private set; }

        /// <summary>What an import waits for.</summary>
        public Task Until { get; set; } = Task.CompletedTask;

        public async Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel)
        {
            Interlocked.Increment(ref _count);
            await Until;
            Plan = plan;
            var package = Path.Combine(folder, "made");
            ModelPackage.Write(package, new()
            {
                Classes = [],
                Network = new(new(1, 2, 3), [new Conv2dLayer { Name = "c", Filters = 5, KernelSize = new(1, 2) }]),
                Architecture = "custom",
                Preprocessing = plan.Preprocessing!.Create(3, new())!,
                Files = [],
                CreatedAt = DateTimeOffset.UnixEpoch,
            }, [1, 2, 3], new());
            return Outcome.Success(package);
        }
    }
}
