using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Tests.Datasets.Health;

public class ImageFaultsTests
{
    [Fact]
    public void Find_NamesTheBlankTheTinyAndTheOddOnes_AndNoOther()
    {
        var images = Enumerable.Range(0, 40).Select(i => Image(480 + (i % 7 * 10), 360 + (i % 5 * 10))).ToArray();
        var facts = Enumerable.Range(0, 40).Select(i => new ImageFacts([], 110 + (i % 9), 50, 60 + (i % 8))).ToArray<ImageFacts?>();
        (images[3], images[7]) = (Image(24, 30), Image(4000, 300));
        (facts[5], facts[11], facts[20]) = (facts[5]! with { Contrast = 1 }, facts[11]! with { Brightness = 250 }, null);

        var found = ImageFaults.Find(images, facts).ToArray();

        Assert.Equal(5, Assert.Single(found, one => one.Fault == ImageFault.Blank).Image);
        Assert.Equal(3, Assert.Single(found, one => one.Fault == ImageFault.Tiny).Image);
        var odd = found.Where(one => one.Fault == ImageFault.Odd).ToDictionary(one => one.Image, one => one.Reason);
        Assert.Equal([3, 7, 11], odd.Keys.Order());
        Assert.Contains("width over height 13.33, where the median is 1.3", odd[7], StringComparison.Ordinal);
        Assert.Contains("brightness 250", odd[11], StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OfADataSetOfSmallImages_DoesNotCallThemTiny()
    {
        var images = Enumerable.Range(0, 20).Select(_ => Image(28, 28)).ToArray();

        Assert.Empty(ImageFaults.Find(images, [.. images.Select(_ => new ImageFacts([], 80, 60, 0))]));
    }

    private static DatasetImage Image(int width, int height) => new("id", Split.Train, 0, "sha", "image/png", width, height, "source");
}
