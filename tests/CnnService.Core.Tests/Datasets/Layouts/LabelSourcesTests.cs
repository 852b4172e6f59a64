using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Core.Tests.Datasets.Layouts;

/// <summary>Labels in the files of other programs: Label Studio, COCO, WebDataset.</summary>
public sealed class LabelSourcesTests
{
    private const string Coco = """
        {"images":[{"id":7,"file_name":"1.jpg"},{"id":8,"file_name":"2.jpg"},{"id":9,"file_name":"3.jpg"}],
         "annotations":[{"image_id":7,"category_id":2},{"image_id":7,"category_id":2},{"image_id":8,"category_id":5}],
         "categories":[{"id":2,"name":"cat"},{"id":5,"name":"dog"}]}
        """;

    [Fact]
    public void Detect_CocoWithOneCategoryAnImage_TakesIt()
    {
        var layout = Detect(["train2017/1.jpg", "train2017/2.jpg", "train2017/3.jpg"], [new("annotations/instances_train2017.json", Coco)]);

        Assert.Equal(LayoutKind.Coco, layout.Value.Kind);
        Assert.Equal(["cat", "dog", null], layout.Value.Placements.Select(place => place.Class)); // The third has no box.
        Assert.All(layout.Value.Placements, place => Assert.Equal(Split.Train, place.Split));
    }

    [Fact]
    public void Detect_CocoWithSeveralCategoriesInAnImage_TakesAllOfThem()
    {
        var several = Coco.Replace("\"image_id\":8", "\"image_id\":7", StringComparison.Ordinal);

        var layout = Detect(["1.jpg", "2.jpg", "3.jpg"], [new("instances.json", several)]).Value;

        Assert.Equal((LayoutKind.Coco, DatasetTask.MultiLabel), (layout.Kind, layout.Task));
        Assert.Equal([["cat", "dog"], [], []], layout.Placements.Select(place => place.Names.Order().ToArray()));
        Assert.All(layout.Placements, place => Assert.True(place.IsTaken)); // All boxes are drawn: no box is none of the classes.
    }

    [Theory]
    [InlineData("""
        [{"data":{"image":"/data/upload/3/0a1b2c3d-1.jpg"},"annotations":[{"was_cancelled":true,"result":[]},
          {"result":[{"type":"choices","value":{"choices":["cat"]}}]}]},
         {"data":{"image":"/data/local-files/?d=images/2.jpg"},"annotations":[{"result":[{"value":{"choices":["dog"]}}]}]},
         {"data":{"image":"https://example.org/3%20x.jpg?signature=1"},"annotations":[]}]
        """, "export.json")]
    [InlineData("""
        [{"image":"/data/upload/3/0a1b2c3d-1.jpg","choice":"cat","annotator":1},{"image":"s3://bucket/2.jpg","choice":"dog","annotator":1},
         {"image":"3 x.jpg","annotator":1}]
        """, "export.json")]
    [InlineData("annotation_id,annotator,choice,id,image\n1,1,cat,1,/data/upload/3/0a1b2c3d-1.jpg\n2,1,dog,2,2.jpg\n3,1,,3,3 x.jpg\n",
        "export.csv")]
    public void Detect_AnExportOfLabelStudio_FindsItsImagesByTheirNames(string text, string name)
    {
        var layout = Detect(["images/1.jpg", "images/2.jpg", "images/3 x.jpg"], [new(name, text)]);

        Assert.Equal(LayoutKind.LabelStudio, layout.Value.Kind);
        Assert.Equal(["cat", "dog", null], layout.Value.Placements.Select(place => place.Class));
    }

    /// <summary>A row takes many times the memory of its text.</summary>
    [Fact]
    public void Parse_MoreRowsOrKeysThanAreRead_IsRefusedWithTheLine()
    {
        var rows = "file,label\n" + string.Concat(Enumerable.Repeat(",\n", LabelTable.MaxRows + 1));
        var lines = string.Concat(Enumerable.Range(0, 30_000).Select(i => $$"""{"k{{i % 999}}":1}""" + "\n"));

        foreach (var (file, told) in new[] { (new TableFile("labels.csv", rows), "line 1000002: more than 1,000,000 rows"),
            (new TableFile("metadata.jsonl", lines), "too large at line 10011:") })
        {
            var problem = LabelTable.Parse(file).Problem;

            Assert.Equal("dataset.table-unreadable", problem?.Code);
            Assert.Contains(told, problem?.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("export.json", """
        [{"data":{"image":"1.jpg"},"annotations":[{"result":[{"value":{"choices":["cat","tame"]}}]}]},
         {"data":{"image":"2.jpg"},"annotations":[{"result":[]}]},{"data":{"image":"3.jpg"},"annotations":[]}]
        """, true)]
    [InlineData("export.json", """
        [{"image":"1.jpg","choice":{"choices":["cat","tame"]},"annotator":1},{"image":"2.jpg","choice":{"choices":[]},"annotator":1},
         {"image":"3.jpg","annotator":1}]
        """, true)]
    [InlineData("export.csv",
        "annotation_id,choice,image\n1,\"{\"\"choices\"\":[\"\"cat\"\",\"\"tame\"\"]}\",/data/upload/1/0a1b2c3d-1.jpg\n"
        + "2,[],2.jpg\n3,,3.jpg\n",
        true)]
    public void Detect_SeveralChoices_AreLabelsAlike(string name, string text, bool hasEmpty)
    {
        var layout = Detect(["1.jpg", "2.jpg", "3.jpg"], [new(name, text)]).Value;

        Assert.Equal((LayoutKind.LabelStudio, DatasetTask.MultiLabel), (layout.Kind, layout.Task));
        Assert.Equal([["cat", "tame"], [], []], layout.Placements.Select(place => place.Names.Order().ToArray()));
        Assert.Equal([true, hasEmpty, false], layout.Placements.Select(place => place.IsTaken)); // Nobody has looked at the third.
    }

    [Fact]
    public void Detect_AnnotationsThatDiffer_AreRefused()
    {
        const string Export = """
            [{"data":{"image":"1.jpg"},
              "annotations":[{"result":[{"value":{"choices":["cat"]}}]},{"result":[{"value":{"choices":["dog"]}}]}]},
             {"data":{"image":"2.jpg"},"annotations":[{"result":[{"value":{"choices":["dog"]}}]}]}]
            """;

        var problem = Detect(["1.jpg", "2.jpg"], [new("export.json", Export)]).Problem;

        Assert.Equal("dataset.several-labels", problem?.Code);
        Assert.Contains("task 1 of 'export.json', by annotations that differ, has 'cat', 'dog'", problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cls", "3", "11")]
    [InlineData("json", """{"label": 3}""", """{"label": 11, "width": 4}""")]
    [InlineData("json", """{"cls": "3"}""", """{"cls": "11"}""")]
    public void Detect_ATarOfWebDataset_TakesTheLabelBesideEachImage(string ending, string first, string second)
    {
        string[] images = ["s/0001.jpg", "s/0002.jpg", "s/0003.png"];
        TableFile[] labels = [new($"s/0001.{ending}", first), new($"s/0002.{ending}", second), new($"s/0003.{ending}", first)];

        var layout = Detect(images, labels).Value;

        Assert.Equal(LayoutKind.WebDataset, layout.Kind);
        Assert.Equal(["3", "11", "3"], layout.Placements.Select(place => place.Class));
    }

    [Theory]
    [InlineData("package.json", """{"name":"x","images":["a"]}""")]
    [InlineData("notes.json", "[1, 2")]
    [InlineData("list.json", """[{"image":"1.jpg"}]""")]
    public void Detect_OtherJsonBesideFolders_ChangesNothing(string name, string text)
    {
        var layout = Detect(["cat/1.jpg", "cat/2.jpg", "dog/3.jpg", "dog/4.jpg"], [new(name, text)]).Value;

        Assert.Equal(LayoutKind.Folders, layout.Kind);
        Assert.Empty(layout.Notes);
    }

    [Fact]
    public void Detect_WithCocoAskedFor_LooksAtNoOtherTable()
    {
        var csv = new TableFile("labels.csv", "file_name,label\n1.jpg,x\n2.jpg,y\n3.jpg,x\n");

        var layout = LayoutDetector.Detect(["1.jpg", "2.jpg", "3.jpg"], [csv, new("a.json", Coco)], new() { Kind = LayoutKind.Coco });

        Assert.Equal(["cat", "dog"], layout.Value.Classes);
    }

    private static Outcome<DatasetLayout> Detect(string[] paths, TableFile[] tables) => LayoutDetector.Detect(paths, tables, new());
}
