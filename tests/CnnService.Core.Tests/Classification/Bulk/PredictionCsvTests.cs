using System.Text;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Datasets;

namespace CnnService.Core.Tests.Classification.Bulk;

public sealed class PredictionCsvTests
{
    [Fact]
    public void Write_TwoImages_GivesTheirLines()
    {
        var text = Write(["cats", "dogs"], Image("a/1.jpg", "cats", 0, true, 0.75f, 0.25f), Image("b/2.jpg", "dogs", 0, false, 0.5f, 0.5f));

        Assert.Equal(
            "id,file,split,trueClass,predicted,probability,correct,p_cats,p_dogs\r\n"
            + "id-1,a/1.jpg,test,cats,cats,0.75,true,0.75,0.25\r\n"
            + "id-1,b/2.jpg,test,dogs,cats,0.5,false,0.5,0.5\r\n",
            text);
    }

    [Theory]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a=b", "a=b")]
    [InlineData("=1,2", "\"'=1,2\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("Käse 🧀", "Käse 🧀")]
    public void Write_WhatPeopleNamed_IsHarmless(string name, string cell)
    {
        var text = Write([name, "other"], Image(name, name, 0, true, 1, 0));

        var quote = cell.StartsWith('"');
        var header = quote ? $"\"p_{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "p_" + name;
        Assert.Equal(
            $"id,file,split,trueClass,predicted,probability,correct,{header},p_other\r\nid-1,{cell},test,{cell},{cell},1,true,1,0\r\n",
            text);
    }

    [Fact]
    public void Write_UnknownTrueClass_LeavesCorrectEmpty() =>
        Assert.Contains(",0.9,,0.9,0.1\r\n", Write(["a", "b"], Image("x", "c", 0, null, 0.9f, 0.1f)), StringComparison.Ordinal);

    [Fact]
    public void Write_Probability_ReadsBackToTheSameNumber()
    {
        var written = Write(["a", "b"], Image("x", "a", 0, true, 0.1f + 0.2f, 1e-20f)).Split("\r\n")[1].Split(',');

        Assert.Equal(0.1f + 0.2f, float.Parse(written[7], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1e-20f, float.Parse(written[8], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1000, 1007)]
    [InlineData(1001, 7)]
    public void Write_ManyClasses_HaveColumnsUpToTheLimit(int classes, int columns)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];

        var lines = Write(names, Image("x", "c0", 0, true, new float[classes])).Split("\r\n");

        Assert.All(lines[..2], line => Assert.Equal(columns, line.Split(',').Length));
    }

    private static PredictedImage Image(string source, string trueClass, int predicted, bool? correct, params float[] probabilities) =>
        new(new DatasetImage("id-1", Split.Test, 0, "0", "image/png", 1, 1, source), trueClass, predicted, string.Empty, correct,
            probabilities);

    private static string Write(string[] classes, params PredictedImage[] images)
    {
        using var memory = new MemoryStream();
        using (var csv = new PredictionCsv(memory, SomeBulk.Plan("/none", classes, classes, [])))
        {
            Array.ForEach(images, image => csv.Add(image with { Predicted = classes[image.Best] }));
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
