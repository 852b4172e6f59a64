using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;

namespace CnnService.Imaging.Import;

/// <summary>
/// The generated data sets: bright circles, squares and triangles of random position, size, colour and slight rotation on a dark, noisy
/// background, 64x64. Colour does not depend on the class; the same number always gives the same image. <c>shapes-few</c> has the first
/// training images of <c>shapes</c>, and all its validation images.
/// </summary>
internal static class ShapesSample
{
    public const int Side = 64;

    /// <summary>The numbers of a class's training images are those below; its validation images' follow.</summary>
    public const int TrainPerClass = 200;

    public const int ValidationPerClass = 50;

    /// <summary>So few that the article's network knows them by heart within seconds.</summary>
    private const int FewPerClass = 10;

    private const ulong Key = 0x5348_4150_4553;

    public static IReadOnlyList<string> Classes { get; } = ["circle", "square", "triangle"];

    /// <summary>All images as PNG files <c>{split}/{class}/{number}.png</c>.</summary>
    /// <param name="sample">One of <see cref="SampleNames"/>.</param>
    /// <param name="png">Makes the files.</param>
    public static IEnumerable<SourceFile> Files(string sample, IPngEncoder png) =>
        from split in new[] { (Name: "train", Count: TrainingImages(sample)), (Name: "validation", Count: ValidationPerClass) }
        from label in Enumerable.Range(0, Classes.Count)
        from number in Enumerable.Range(0, split.Count)
        let image = Draw(label, (split.Name == "train" ? 0 : TrainPerClass) + number)
        select new SourceFile($"{split.Name}/{Classes[label]}/{number:D3}.png", png.Encode(image, []), null);

    /// <summary>Number of images of all classes and splits.</summary>
    public static int Count(string sample) => Classes.Count * (TrainingImages(sample) + ValidationPerClass);

    public static PixelBuffer Draw(int label, int number)
    {
        var random = RandomOf(label, number);
        var shape = Shape.Random(label, ref random);
        double[] ground = Colour(ref random, 0, 0.4), ink = Colour(ref random, 0.6, 1);
        var noise = random.NextDouble(0.01, 0.05);
        var image = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < Side * Side; i++)
        {
            var cover = shape.Coverage(i % Side, i / Side);
            for (var c = 0; c < 3; c++)
            {
                var value = ground[c] + (cover * (ink[c] - ground[c])) + (noise * random.NextGaussian());
                image.Data[(3 * i) + c] = (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
            }
        }

        return image;
    }

    /// <summary>What an image is drawn from: its shape first.</summary>
    public static CounterRandom RandomOf(int label, int number) => new(Key, (ulong)label, (ulong)number);

    private static int TrainingImages(string sample) => sample == SampleNames.ShapesFew ? FewPerClass : TrainPerClass;

    private static double[] Colour(ref CounterRandom random, double low, double high) =>
        [random.NextDouble(low, high), random.NextDouble(low, high), random.NextDouble(low, high)];
}
