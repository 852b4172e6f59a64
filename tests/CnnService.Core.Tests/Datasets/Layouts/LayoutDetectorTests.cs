using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Core.Tests.Datasets.Layouts;

/// <summary>Trees as people make them, and what they mean. An image is written as its path, several as <c>path*3</c>.</summary>
public sealed class LayoutDetectorTests
{
    [Theory]
    [InlineData("cats/1.jpg*2 dogs/1.jpg*3", "cats dogs", "5 0 0")]
    [InlineData("flower_photos/daisy/1.jpg*2 flower_photos/roses/1.jpg*3", "daisy roses", "5 0 0")]
    [InlineData("a/b/c/cats/1.jpg*2 a/b/c/dogs/1.jpg*3", "cats dogs", "5 0 0")]
    [InlineData("train/cats/1.jpg*2 train/dogs/1.jpg*2 val/cats/1.jpg val/dogs/1.jpg test/cats/1.jpg", "cats dogs", "4 2 1")]
    [InlineData("pets/Training/cats/1.jpg*2 pets/Training/dogs/1.jpg pets/Validation/cats/1.jpg*2", "cats dogs", "3 2 0")]
    [InlineData("training_set/training_set/cats/1.jpg*3 training_set/training_set/dogs/1.jpg test_set/test_set/cats/1.jpg", "cats dogs",
        "4 0 1")]
    [InlineData("seg_train/seg_train/sea/1.jpg*3 seg_train/seg_train/ice/1.jpg seg_test/seg_test/sea/1.jpg*2 seg_pred/seg_pred/1.jpg*5",
        "ice sea", "4 0 2")]
    [InlineData("train2017/a1/1.jpg*2 train2017/b1/1.jpg*2 val2017/a1/1.jpg", "a1 b1", "4 1 0")]
    [InlineData("TrainData/cats/1.jpg*2 TrainData/dogs/1.jpg devset/cats/1.jpg", "cats dogs", "3 1 0")]
    [InlineData("train/cats/1.jpg*2 train/dogs/1.jpg*2", "cats dogs", "4 0 0")]
    [InlineData("test/train/cats/1.jpg*2 test/train/dogs/1.jpg test/val/cats/1.jpg", "cats dogs", "3 1 0")]
    [InlineData("train/images/cats/1.jpg*2 train/images/dogs/1.jpg test/images/cats/1.jpg", "cats dogs", "3 0 1")]
    [InlineData("bus/1.jpg*2 car/1.jpg*2 train/1.jpg*2", "bus car train", "6 0 0")]
    [InlineData("train/bus/1.jpg*2 train/train/1.jpg*2 test/bus/1.jpg test/train/1.jpg", "bus train", "4 0 2")]
    [InlineData("cats/train/1.jpg*2 cats/val/1.jpg dogs/train/1.jpg*2 dogs/val/1.jpg", "cats dogs", "4 2 0")]
    [InlineData("cats/images/1.jpg*2 dogs/images/1.jpg*2", "cats dogs", "4 0 0")]
    [InlineData("cats/001/1.jpg cats/002/1.jpg dogs/001/1.jpg dogs/003/1.jpg", "cats dogs", "4 0 0")]
    [InlineData("cats/1.jpg*2 dogs/1.jpg dogs/more/1.jpg", "cats dogs", "4 0 0")]
    [InlineData("cat.1.jpg cat.2.jpg dog.1.jpg dog.2.jpg", "cat dog", "4 0 0")]
    [InlineData("train/cat.1.jpg train/cat.2.jpg train/dog.1.jpg train/dog.2.jpg test1/1.jpg test1/2.jpg", "cat dog", "4 0 0")]
    [InlineData("images/great_pyrenees_1.jpg images/great_pyrenees_2.jpg images/Abyssinian_1.jpg images/Abyssinian_2.jpg",
        "Abyssinian great_pyrenees", "4 0 0")]
    [InlineData("0001_cat.png 0002_cat.png 0003_dog.png 0004_dog.png", "cat dog", "4 0 0")]
    [InlineData("only/1.jpg*3", "only", "3 0 0")]
    [InlineData("Cat/1.jpg*3 cat/1.jpg dogs/1.jpg", "Cat dogs", "5 0 0")]
    [InlineData("A/1.jpg*2 a/1.jpg*2", "A a", "4 0 0")]
    public void Detect_OfATreeThatMeansOneThing_FindsIt(string tree, string classes, string counts)
    {
        var layout = LayoutDetector.Detect(Paths(tree), [], new()).Value;

        Assert.Equal(classes.Split(' '), layout.Classes);
        Assert.Equal(counts, Counts(layout));
    }

    [Theory]
    [InlineData("train/1.jpg*4 test1/1.jpg*4", "dataset.no-classes")] // Not the classes "train" and "test1".
    [InlineData("1.jpg 2.jpg 3.jpg", "dataset.no-classes")]
    [InlineData("IMG_1.jpg IMG_2.jpg DSC_1.jpg DSC_2.jpg", "dataset.no-classes")]
    [InlineData("x/a/1.jpg x/b/1.jpg x/c/1.jpg x/d/1.jpg", "dataset.no-classes")] // One class an image.
    [InlineData("one/cats/1.jpg*2 one/dogs/1.jpg*2 two/cats/1.jpg*2 two/dogs/1.jpg*2", "dataset.layout-ambiguous")]
    [InlineData("animals/cats/1.jpg*2 animals/dogs/1.jpg*2 plants/oak/1.jpg*2", "dataset.layout-ambiguous")]
    [InlineData("train/cats/1.jpg*2 train/dogs/1.jpg*2 extra/cats/1.jpg*2", "dataset.layout-ambiguous")]
    [InlineData("train/cats/1.jpg*2 train/dogs/1.jpg*2 holiday/1.jpg*4", "dataset.layout-ambiguous")]
    [InlineData("train/cats/1.jpg*2 train/dogs/1.jpg*2 val/birds/1.jpg*2", "dataset.layout-ambiguous")]
    [InlineData("train/1.jpg*2 val/1.jpg*2 cats/1.jpg*2", "dataset.layout-ambiguous")]
    public void Detect_OfATreeThatMeansTwoThingsOrNone_RefusesAndTellsWhatWasSeen(string tree, string code)
    {
        var problem = LayoutDetector.Detect(Paths(tree), [], new()).Problem!;

        Assert.Equal(code, problem.Code);
        Assert.Contains('\'', problem.Detail.Length > 0 && !tree.StartsWith("1.jpg", StringComparison.Ordinal)
            && !tree.StartsWith("IMG", StringComparison.Ordinal) ? problem.Detail : "'");
    }

    [Theory]
    [InlineData("train/1.jpg*2 val/1.jpg*2 cats/1.jpg*2", "cats train val")]
    [InlineData("animals/cats/1.jpg*2 animals/dogs/1.jpg*2 plants/oak/1.jpg*2", "animals plants")]
    public void Detect_WithLayoutFolders_TakesTheOuterFoldersForClasses(string tree, string classes) =>
        Assert.Equal(classes.Split(' '), LayoutDetector.Detect(Paths(tree), [], new() { Kind = LayoutKind.Folders }).Value.Classes);

    [Fact]
    public void Detect_OfDecomposedNames_ComposesThem()
    {
        var layout = LayoutDetector.Detect(["train/Ka\u0308fer/1.jpg", "val/K\u00e4fer/1.jpg", "train/Mo\u0308we/1.jpg"], [], new()).Value;

        Assert.Equal(["K\u00e4fer", "M\u00f6we"], layout.Classes);
    }

    [Fact]
    public void Detect_OfNamesThatDifferInCase_MergesThemWithANoteUnlessToldOtherwise()
    {
        var paths = Paths("Cat/1.jpg*3 cat/1.jpg*2 dogs/1.jpg*2");

        Assert.Contains(LayoutDetector.Detect(paths, [], new()).Value.Notes,
            note => note.Contains("'Cat', 'cat'", StringComparison.Ordinal));
        Assert.Equal(["Cat", "cat", "dogs"], LayoutDetector.Detect(paths, [], new() { MergeCase = false }).Value.Classes);
    }

    [Theory]
    [InlineData("labels.csv", "file_name,label\ntrain/1.jpg,pug\ntrain/2.jpg,beagle\n")]
    [InlineData("labels.csv", "id;breed\r\n1;pug\r\n2;\"beagle\"\r\n")]
    [InlineData("train/metadata.csv", "\uFEFFfile_name,label\n1.jpg,pug\n2.jpg,beagle\n")]
    [InlineData("metadata.jsonl",
        "{\"file_name\":\"train/1.jpg\",\"label\":\"pug\"}\n{\"file_name\":\"train/2.jpg\",\"label\":\"beagle\"}\n")]
    [InlineData("labels.tsv", "image\tclass_id\tclass\n1\t0\tpug\n2\t1\tbeagle\n")]
    public void Detect_WithATable_TakesItsLabels(string name, string text)
    {
        var layout = LayoutDetector.Detect(["train/1.jpg", "train/2.jpg"], [new(name, text)], new()).Value;

        Assert.Equal(LayoutKind.Table, layout.Kind);
        Assert.Equal(["pug", "beagle"], layout.Placements.Select(place => place.Class));
    }

    [Fact]
    public void Detect_WithSplitsInATable_TakesThem()
    {
        var table = new TableFile("metadata.csv", "file_name,label,split\na.jpg,x,train\nb.jpg,y,validation\nc.jpg,x,test\n");

        var layout = LayoutDetector.Detect(["a.jpg", "b.jpg", "c.jpg"], [table], new()).Value;

        Assert.Equal([Split.Train, Split.Validation, Split.Test], layout.Placements.Select(place => place.Split));
        Assert.True(layout.HasSplits);
    }

    [Theory]
    [InlineData("train/1.jpg test/1.jpg", "id,breed\n1,pug\n", "dataset.layout-ambiguous")] // Which of the two is meant?
    [InlineData("1.jpg 2.jpg", "file,label\n1.jpg,pug\n1.jpg,cat\n", "dataset.layout-ambiguous")]
    [InlineData("cats/1.jpg cats/2.jpg dogs/3.jpg", "file,label\n1.jpg,dogs\n2.jpg,cats\n3.jpg,dogs\n", "dataset.layout-ambiguous")]
    [InlineData("1.jpg 2.jpg", "file,label\n\"1.jpg,pug\n", "dataset.table-unreadable")]
    [InlineData("1.jpg 2.jpg", "file,label\n1.jpg,pug,3\n", "dataset.table-unreadable")]
    [InlineData("1.jpg 2.jpg", "file,label,split\n1.jpg,pug,monday\n", "dataset.table-unreadable")]
    [InlineData("1.jpg 2.jpg", "file,label,category\n1.jpg,pug,a\n2.jpg,cat,b\n", "dataset.layout-ambiguous")]
    public void Detect_WithATableThatContradicts_Refuses(string tree, string table, string code) =>
        Assert.Equal(code, LayoutDetector.Detect(Paths(tree), [new("labels.csv", table)], new()).Problem?.Code);

    [Fact]
    public void Detect_WithATableOfOtherThings_UsesTheFoldersAndSaysSo()
    {
        var layout = LayoutDetector.Detect(
            Paths("cats/1.jpg*2 dogs/1.jpg*2"), [new("results.csv", "epoch,loss\n1,0.5\n")], new()).Value;

        Assert.Equal(LayoutKind.Folders, layout.Kind);
        Assert.Contains(layout.Notes, note => note.Contains("results.csv", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(@"(?<label>[a-z]+)-\d+", "ca do")]
    public void Detect_WithANamePattern_TakesItsGroup(string pattern, string classes) => Assert.Equal(
        classes.Split(' '),
        LayoutDetector.Detect(["x/ca-1.jpg", "x/do-2.jpg", "x/9.jpg"], [], new() { NamePattern = pattern }).Value.Classes);

    [Theory]
    [InlineData("(")]
    [InlineData("[a-z]+")]
    [InlineData(@"(?<label>a)\1")]
    [InlineData("(?=x)(?<label>a)")]
    public void Detect_WithABadNamePattern_TellsTheRule(string pattern) => Assert.Equal(
        "request.invalid", LayoutDetector.Detect(["a.jpg"], [], new() { NamePattern = pattern }).Problem?.Code);

    /// <summary>Expands <c>path/1.jpg*3</c> to three files.</summary>
    private static string[] Paths(string tree) => [.. tree.Split(' ').SelectMany(item =>
    {
        var parts = item.Split('*');
        return parts.Length == 1
            ? [item]
            : Enumerable.Range(1, int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))
                .Select(i => parts[0].Replace("1.jpg", $"{i}.jpg", StringComparison.Ordinal));
    })];

    private static string Counts(DatasetLayout layout) => string.Join(' ', Enum.GetValues<Split>()
        .Select(split => layout.Placements.Count(place => place.Class is not null && place.Split == split)));
}
