using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Core.Tests.Datasets.Layouts;

/// <summary>Tables that give an image any number of labels.</summary>
public sealed class SeveralLabelsTests
{
    private static readonly string[] Images = ["1.jpg", "2.jpg", "3.jpg"];

    [Theory]
    [InlineData("metadata.jsonl",
        """{"file_name":"1.jpg","labels":["tame","cat"]}""" + "\n" + """{"file_name":"2.jpg","labels":[]}""" + "\n"
        + """{"file_name":"3.jpg","labels":["cat"]}""")]
    [InlineData("metadata.jsonl",
        """{"file_name":"1.jpg","label":["tame","cat","tame"]}""" + "\n" + """{"file_name":"2.jpg","label":[]}""" + "\n"
        + """{"file_name":"3.jpg","label":"cat"}""")]
    [InlineData("labels.csv", "file_name,labels\n1.jpg,tame|cat\n2.jpg,\n3.jpg,cat\n")]
    [InlineData("labels.csv", "file_name,tags\n1.jpg,tame; cat;\n2.jpg,  \n3.jpg,cat\n")]
    [InlineData("labels.csv", "file_name,label\n1.jpg,\"[\"\"tame\"\", \"\"cat\"\"]\"\n2.jpg,[]\n3.jpg,\"[\"\"cat\"\"]\"\n")]
    public void Detect_ListsOfLabels_GivesEachImageItsOwn(string name, string text)
    {
        var layout = Detect(Images, new TableFile(name, text)).Value;

        Assert.Equal(DatasetTask.MultiLabel, layout.Task);
        Assert.Equal([["cat", "tame"], [], ["cat"]], layout.Placements.Select(place => place.Names.Order().ToArray()));
        Assert.Equal(["cat", "tame"], layout.Classes);
        Assert.All(layout.Placements, place => Assert.True(place.IsTaken));
        Assert.Contains(layout.Notes, note => note.Contains("1 image has none of the classes", StringComparison.Ordinal));
    }

    /// <summary>Names of classes may have commas and spaces; a heading in the singular divides nothing.</summary>
    [Theory]
    [InlineData("file_name,label\n1.jpg,cat|tame\n2.jpg,dog\n3.jpg,dog\n", "cat|tame")]
    [InlineData("file_name,label\n1.jpg,\"cat, tame\"\n2.jpg,cat\n3.jpg,dog\n", "cat, tame")]
    [InlineData("file_name,labels\n1.jpg,\"tench, Tinca tinca\"\n2.jpg,\"goldfish, Carassius auratus\"\n3.jpg,gar\n", "tench, Tinca tinca")]
    [InlineData("file_name,labels\n1.jpg,golden retriever\n2.jpg,great pyrenees\n3.jpg,pug\n", "golden retriever")]
    [InlineData("file_name,labels\n1.jpg,cat\n2.jpg,dog\n3.jpg,dog\n", "cat")]
    [InlineData("file_name,label\n1.jpg,[unknown]\n2.jpg,dog\n3.jpg,dog\n", "[unknown]")]
    [InlineData("file_name,label\n1.jpg,\"[\"\"cat\"\"]\"\n2.jpg,dog\n3.jpg,dog\n", "cat")]
    public void Detect_OneLabelAnImage_StaysOne(string text, string first)
    {
        var layout = Detect(Images, new TableFile("labels.csv", text)).Value;

        Assert.Equal((DatasetTask.SingleLabel, first), (layout.Task, layout.Placements[0].Class));
    }

    [Theory]
    [InlineData("file_name,labels\n1.jpg,a|b\n2.jpg,a;b\n3.jpg,a\n", "dataset.layout-ambiguous", "two ways")]
    [InlineData("file_name,labels\n1.jpg,a|b;c\n2.jpg,a\n3.jpg,a\n", "dataset.layout-ambiguous", "two ways")]
    [InlineData("file_name,labels\n1.jpg,a|b\n2.jpg,[]\n3.jpg,a\n", "dataset.layout-ambiguous", "two ways")]
    [InlineData("file_name,labels\n1.jpg,\"cat, tame\"\n2.jpg,\"dog, tame\"\n3.jpg,dog\n", "dataset.layout-ambiguous", "commas")]
    [InlineData("file_name,tags\n1.jpg,haze road\n2.jpg,clear road\n3.jpg,haze\n4.jpg,haze clear\n5.jpg,road\n6.jpg,clear\n",
        "dataset.layout-ambiguous", "spaces")]
    [InlineData("file_name,labels\n1.jpg,\"[cat, dog]\"\n2.jpg,cat\n3.jpg,dog\n", "dataset.table-unreadable", "Row 1")]
    [InlineData("file_name,labels\n1.jpg,cat\n2.jpg,\"[[\"\"cat\"\"]]\"\n3.jpg,dog\n", "dataset.table-unreadable", "Row 2")]
    public void Detect_WhatMayMeanTwoThings_IsRefused(string text, string code, string told)
    {
        var problem = Detect([.. Images, "4.jpg", "5.jpg", "6.jpg"], new TableFile("labels.csv", text)).Problem;

        Assert.Equal(code, problem?.Code);
        Assert.Contains(told, problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"file_name":"1.jpg","labels":"a|b"}""", "dataset.several-labels")]
    [InlineData("""{"file_name":"1.jpg","labels":[null]}""", "dataset.table-unreadable")]
    [InlineData("""{"file_name":"1.jpg","labels":[["a","b"]]}""", "dataset.table-unreadable")]
    public void Detect_JsonThatIsNoListOfTexts_IsRefused(string line, string code) => Assert.Equal(code, Detect(
        Images, new TableFile("metadata.jsonl", line + "\n" + """{"file_name":"2.jpg","labels":["a"]}""")).Problem?.Code);

    [Fact]
    public void Detect_ARowThatSaysNothingOfLabels_LeavesTheImageOut()
    {
        var layout = Detect(Images, new TableFile("metadata.jsonl", """
            {"file_name":"1.jpg","labels":["a","b"]}
            {"file_name":"2.jpg","labels":null}
            {"file_name":"3.jpg","labels":["a"]}
            """)).Value;

        Assert.Equal([true, false, true], layout.Placements.Select(place => place.IsTaken));
    }

    [Fact]
    public void Detect_TablesForSplits_AreOfSeveralLabelsWhereOneIs()
    {
        var layout = Detect(
            ["train/1.jpg", "train/2.jpg", "val/3.jpg"],
            new("train/labels.csv", "file_name,labels\n1.jpg,Cat|dog\n2.jpg,cat\n"), new("val/labels.csv", "file_name,labels\n3.jpg,cat\n"))
            .Value;

        Assert.Equal(DatasetTask.MultiLabel, layout.Task);
        Assert.Equal([["cat", "dog"], ["cat"], ["cat"]], layout.Placements.Select(place => place.Names.Order().ToArray()));
        Assert.Equal([Split.Train, Split.Train, Split.Validation], layout.Placements.Select(place => place.Split));
    }

    [Fact]
    public void Detect_AnImageWithOtherLabelsInAnotherRow_IsRefused() => Assert.Equal("dataset.layout-ambiguous",
        Detect(Images, new TableFile("labels.csv", "file_name,labels\n1.jpg,a|b\n1.jpg,a\n2.jpg,a\n")).Problem?.Code);

    [Fact]
    public void Detect_NoLabelAtAll_IsRefused() => Assert.Equal("dataset.no-classes", Detect(
        Images, new TableFile("metadata.jsonl", string.Join('\n', Images.Select(name => $$"""{"file_name":"{{name}}","labels":[]}"""))))
        .Problem?.Code);

    /// <summary>Folders that are classes must be among the labels; folders that are splits divide.</summary>
    [Theory]
    [InlineData("cat/1.jpg", "dog/2.jpg", "dog/3.jpg", "dog|cat", null)]
    [InlineData("cat/1.jpg", "dog/2.jpg", "dog/3.jpg", "cat|tame", "dataset.layout-ambiguous")]
    public void Detect_FoldersBesideTheTable_MustNotContradictIt(string first, string second, string third, string labels, string? code)
    {
        var detected = Detect(
            [first, second, third], new TableFile("labels.csv", $"file_name,labels\n{first},cat|dog\n{second},{labels}\n{third},dog\n"));

        Assert.Equal(code, detected.Problem?.Code);
    }

    /// <summary>A column for each class: Roboflow's <c>_classes.csv</c>, with and without an image that shows none.</summary>
    [Theory]
    [InlineData("filename, crack, hole\n1.jpg, 1, 1\n2.jpg, 0, 0\n3.jpg, 1, 0\n", DatasetTask.MultiLabel, "crack+hole", "", "crack")]
    [InlineData("image,MEL,NV\n1.jpg,1.0,0.0\n2.jpg,0.0,1.0\n3.jpg,1.0,0.0\n", DatasetTask.SingleLabel, "MEL", "NV", "MEL")]
    public void Detect_AColumnForEachClass_TakesThoseThatAreSet(
        string text, DatasetTask task, string first, string second, string third)
    {
        var layout = Detect(Images, new TableFile("_classes.csv", text)).Value;

        Assert.Equal((LayoutKind.Table, task), (layout.Kind, layout.Task));
        Assert.Equal([first, second, third], layout.Placements.Select(place => string.Join('+', place.Names.Order())));
    }

    [Theory]
    [InlineData("file,width,height\n{0},320,1\n{1},0,1\n{2},1,0\n", null)] // No classes: the folders are.
    [InlineData("file,blurred,dark\n{0},1,1\n{1},0,1\n{2},1,0\n", "dataset.layout-ambiguous")]
    public void Detect_ColumnsOfNumbersBesideFolders_AreClassesOnlyWhereTheyMayBe(string text, string? code)
    {
        string[] images = ["cat/1.jpg", "cat/2.jpg", "dog/3.jpg"];

        var detected = Detect(images, new TableFile("about.csv", string.Format(CultureInfo.InvariantCulture, text, images)));

        Assert.Equal(code, detected.Problem?.Code);
        Assert.True(detected.Problem is not null || detected.Value.Kind == LayoutKind.Folders);
    }

    private static Outcome<DatasetLayout> Detect(IReadOnlyList<string> paths, params TableFile[] tables) =>
        LayoutDetector.Detect(paths, tables, new());
}
