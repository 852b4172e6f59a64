using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets.Revisions;

/// <summary>Revisions of data sets whose images have any number of labels.</summary>
public sealed class LabelSetRevisionTests : IDisposable
{
    private static readonly string[] Names = ["ant", "bee", "cat", "dog"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>A list that is changed the naive way must stay equal to every revision, also to those before.</summary>
    [Fact]
    public void Apply_RandomEdits_EqualANaiveListAndKeepWhatWasBefore()
    {
        var random = new Random(3);
        var naive = Enumerable.Range(0, 3000).Select(i => Placed(i, Some(random))).ToDictionary(p => p.Image.Id);
        var now = DatasetFolder.Publish(_folder.Root, Of(naive.Values));
        var before = new List<Dictionary<string, PlacedImage>>();
        for (var round = 0; round < 40; round++)
        {
            before.Add(new(naive));
            var id = naive.Keys.ElementAt(random.Next(naive.Count));
            naive[id] = naive[id] with { Labels = Some(random) };
            now = new DatasetEdit
            {
                Change = RevisionChange.Relabelled,
                Relabelled = new Dictionary<string, IReadOnlyList<string>> { [id] = naive[id].Labels },
            }.Apply(_folder.Root, now, isWhole: false, SomeRevision.Now);

            Assert.Equal(Of(naive.Values).Digest, now.Digest);
            IsAsNaive(naive, now);
        }

        foreach (var (index, labels) in before.Index().Where(entry => entry.Index % 13 == 0))
        {
            IsAsNaive(labels, DatasetFolder.ReadManifest(_folder.Root, index + 1).Value);
        }
    }

    [Fact]
    public void Build_ImagesWithSeveralLabels_CountEachClassForItself()
    {
        var made = Of([Placed(1, ["cat", "dog"]), Placed(2, ["dog"]), Placed(3, []), Placed(4, ["dog", "cat"])]);

        Assert.Equal(["cat", "dog"], made.Classes);
        Assert.Equal([2, 3], made.CountByClass(Split.Train));
        Assert.Equal(3, made.LabelCount);
        Assert.Equal(["cat, dog", "dog", "no label"], made.Images.Select(image => made.TextOf(image.Label)).Distinct().Order());
        Assert.DoesNotContain(made.Notes, note => note.Contains("single class", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_AClassThatEveryImageHas_IsTold() => Assert.Contains(
        Of([Placed(1, ["cat", "dog"]), Placed(2, ["dog"])]).Notes,
        note => note.StartsWith("Every training image has the class 'dog'", StringComparison.Ordinal));

    [Theory]
    [InlineData("[[1,0],[0]]")]
    [InlineData("[[0],[0]]")]
    [InlineData("[[0],[7]]")]
    [InlineData("[[0,1],[0]]")]
    public void ReadManifest_SetsThatAreNone_AreFound(string sets)
    {
        DatasetFolder.Publish(_folder.Root, Of([Placed(1, ["cat"]), Placed(2, ["cat", "dog"])]));
        var file = Assert.Single(Directory.GetFiles(_folder["revisions"]));
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf("[[0],[0,1]]"u8);
        Assert.True(at > 0);
        System.Text.Encoding.ASCII.GetBytes(sets.PadRight(11)).CopyTo(bytes, at);
        File.WriteAllBytes(file, bytes);

        Assert.Equal("dataset.corrupt", DatasetFolder.ReadManifest(_folder.Root).Problem?.Code);
    }

    [Fact]
    public void Draw_WithSeveralLabels_MovesNobodyWhereClassesStandOnBothSides()
    {
        (string Content, IReadOnlyList<string> Labels)[] images =
            [.. Enumerable.Range(0, 2000)
                .Select(i => (SomeRevision.Sha256(i), (IReadOnlyList<string>)[.. Names.Where((_, n) => i % (n + 2) == 0)]))];

        Assert.Equal(ValidationDraw.Draw(images.Select(image => image.Content), 0.2, 7), ValidationDraw.Draw(images, 0.2, 7));
    }

    [Fact]
    public void Draw_ARareClass_StandsOnBothSides()
    {
        foreach (var start in Enumerable.Range(0, 100))
        {
            (string Content, IReadOnlyList<string> Labels)[] images =
                [.. Enumerable.Range(start, 40).Select(i => (SomeRevision.Sha256(i), Labels(i - start)))];

            var drawn = ValidationDraw.Draw(images, 0.2, 0);

            Assert.Single(images.Where(image => image.Labels.Contains("rare")), image => drawn.Contains(image.Content));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<string> Labels(int place) => place < 2 ? ["rare", "often"] : place < 30 ? ["often"] : [];

    private static IReadOnlyList<string> Some(Random random) => [.. Names.Where(_ => random.Next(3) == 0)];

    private static PlacedImage Placed(int content, IReadOnlyList<string> labels) => new(SomeRevision.Image(content), Split.Train, labels);

    private static DatasetManifest Of(IEnumerable<PlacedImage> images) => RevisionBuilder.Build(
        SomeRevision.Of([new(SomeRevision.Image(1), Split.Train, "x")]) with { Task = DatasetTask.MultiLabel }, [.. images]).Dataset;

    private static void IsAsNaive(Dictionary<string, PlacedImage> naive, DatasetManifest made)
    {
        Assert.All(made.Images, image => Assert.Equal(naive[image.Id].Labels.Order(), made.NamesOf(image.Label)));
        Assert.Equal(naive.Count, made.Images.Count);
        foreach (var (index, name) in made.Classes.Index())
        {
            string[] ids = [.. naive.Values.Where(p => p.Labels.Contains(name)).Select(p => p.Image.Id).Order()];
            Assert.Equal(ids, made.Page(null, index, 0, int.MaxValue).Select(image => image.Id).Order());
            Assert.Equal(ids, made.Page(Split.Train, index, 0, 700).Concat(made.Page(Split.Train, index, 700, int.MaxValue))
                .Select(image => image.Id).Order());
            Assert.Equal(ids.Length, made.CountByClass(Split.Train)[index]);
        }
    }
}
