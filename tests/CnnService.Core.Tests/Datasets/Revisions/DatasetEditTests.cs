using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets.Revisions;

public sealed class DatasetEditTests : IDisposable
{
    private static readonly string[] Classes = ["ant", "cat", "dog", "zebra", "Ölbaum"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>A list that is changed the naive way must stay equal to every revision, also to those before.</summary>
    [Theory]
    [InlineData(40, 1)]
    [InlineData(3000, 2)]
    public void Apply_RandomEdits_EqualANaiveListAndKeepWhatWasBefore(int images, int seed)
    {
        var random = new Random(seed);
        var naive = SomeRevision.Images(images);
        var now = DatasetFolder.Publish(_folder.Root, SomeRevision.Of(naive));
        var (before, next) = (new List<IReadOnlyList<DatasetImage>>(), images);
        for (var round = 0; round < 60; round++)
        {
            before.Add([.. now.Images]);
            now = Change(now, naive, random, ref next);

            var wanted = SomeRevision.Of(naive);
            Assert.Equal(wanted.Images, now.Images);
            Assert.Equal((wanted.Digest, round + 2), (now.Digest, now.Revision.Number));
            Assert.Equal(wanted.Classes, now.Classes);
            Assert.Equal(wanted.CountByClass(Split.Train), now.CountByClass(Split.Train));
            var any = wanted.Images[random.Next(wanted.Images.Count)];
            Assert.Equal(any, now.Images.Find(any.Id));
        }

        foreach (var (index, list) in before.Index())
        {
            Assert.Equal(list, DatasetFolder.ReadManifest(_folder.Root, index + 1).Value.Images);
        }
    }

    [Fact]
    public void Apply_OneOfManyImages_WritesLittle()
    {
        var first = DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(3000), new RejectedFile("a", "b")));
        var whole = new FileInfo(Assert.Single(Directory.GetFiles(_folder["revisions"]))).Length;

        var second = Relabel(first, first.Images[7].Id, "dog");
        var third = Relabel(second, first.Images[2000].Id, "horse");

        Assert.All(Directory.GetFiles(_folder["revisions"]).Where(file => !file.Contains("00000001-", StringComparison.Ordinal)),
            file => Assert.InRange(new FileInfo(file).Length, 1, whole / 50));
        Assert.Equal(first.Rejected, third.Rejected);
    }

    [Fact]
    public void Apply_MoreChangesThanAFileOfChangesHolds_WritesAWholeFile()
    {
        var now = DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(3000)));
        DatasetImage[] cats = [.. now.Images.Page(null, 0, 0, RevisionWriter.MaxChanges + 1)];

        now = new DatasetEdit
        {
            Change = RevisionChange.Relabelled,
            Relabelled = cats.ToDictionary(image => image.Id, IReadOnlyList<string> (_) => ["horse"]),
        }.Apply(_folder.Root, now, isWhole: false, SomeRevision.Now);
        Directory.GetFiles(_folder["revisions"], "00000001-*").ToList().ForEach(File.Delete);

        var horses = DatasetFolder.ReadManifest(_folder.Root).Value.Images.Page(null, now.Classes.ToList().IndexOf("horse"), 0, 1000);
        Assert.Equal(cats.Select(image => image.Id), horses.Select(image => image.Id));
    }

    [Fact]
    public void Apply_LastImageOfAClass_TakesTheClassAway()
    {
        var first = DatasetFolder.Publish(_folder.Root,
            SomeRevision.Of([new(SomeRevision.Image(1), Split.Train, "ant"), new(SomeRevision.Image(2), Split.Train, "dog")]));

        var second = Relabel(first, SomeRevision.Image(1).Id, "dog");

        Assert.Equal(["dog"], second.Classes);
        Assert.Equal(["ant", "dog"], DatasetFolder.ReadManifest(_folder.Root, 1).Value.Classes);
        Assert.Contains("single class", Assert.Single(second.Notes, note => note.Contains("single", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private DatasetManifest Relabel(DatasetManifest now, string id, string name) =>
        new DatasetEdit { Change = RevisionChange.Relabelled, Relabelled = new Dictionary<string, IReadOnlyList<string>> { [id] = [name] } }
            .Apply(_folder.Root, now, isWhole: false, SomeRevision.Now);

    private DatasetManifest Change(DatasetManifest now, List<PlacedImage> naive, Random random, ref int next)
    {
        var at = random.Next(naive.Count);
        var (name, kind) = (Classes[random.Next(Classes.Length)], random.Next(naive.Count > 10 ? 3 : 2));
        var image = naive[at].Image;
        DatasetEdit edit;
        if (kind == 0)
        {
            var added = new PlacedImage(SomeRevision.Image(next++), (Split)random.Next(3), name);
            naive.Add(added);
            edit = new() { Change = RevisionChange.Added, Added = [added] };
        }
        else if (kind == 1)
        {
            naive[at] = naive[at] with { Labels = [name] };
            edit = new()
            {
                Change = RevisionChange.Relabelled,
                Relabelled = new Dictionary<string, IReadOnlyList<string>> { [image.Id] = [name] },
            };
        }
        else
        {
            naive.RemoveAt(at);
            edit = new() { Change = RevisionChange.Removed, Removed = new HashSet<string> { image.Id } };
        }

        return edit.Apply(_folder.Root, now, isWhole: false, SomeRevision.Now);
    }
}
