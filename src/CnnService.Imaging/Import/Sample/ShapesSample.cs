using CnnService.Core.Common;
using CnnService.Core.Visualization;

namespace CnnService.Imaging.Import.Sample;

/// <summary>
/// The generated data set <c>shapes</c>: circles, squares and triangles of any place, size, turn and colour on a noisy ground, 64x64.
/// Colour tells nothing of the class; the same number gives the same picture.
/// </summary>
internal static class ShapesSample
{
    public const string Name = "shapes";

    public const int Side = 64;

    private const int TrainPerClass = 200;
    private const int ValidationPerClass = 50;
    private const ulong Key = 0x5348_4150_4553;

    private static readonly string[] Classes = ["circle", "square", "triangle"];

    /// <summary>All pictures as PNG files under <c>{split}/{class}/{number}.png</c>.</summary>
    public static IEnumerable<SourceFile> Files(IPngEncoder png) =>
        from split in new[] { (Name: "train", Count: TrainPerClass), (Name: "validation", Count: ValidationPerClass) }
        from label in Enumerable.Range(0, Classes.Length)
        from number in Enumerable.Range(0, split.Count)
        let picture = Draw(label, (split.Name == "train" ? 0 : TrainPerClass) + number)
        select new SourceFile($"{split.Name}/{Classes[label]}/{number:D3}.png", png.Encode(picture, []), null);

    public static int Count => Classes.Length * (TrainPerClass + ValidationPerClass);

    public static PixelBuffer Draw(int label, int number)
    {
        var random = new CounterRandom(Key, (ulong)label, (ulong)number);
        var shape = Shape.Random(label, ref random);
        double[] ground = Colour(ref random), ink = Colour(ref random);
        while (Distance(ground, ink) < 0.35)
        {
            ink = Colour(ref random);
        }

        var noise = random.NextDouble(0.02, 0.08);
        var picture = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < Side * Side; i++)
        {
            var cover = shape.Cover(i % Side, i / Side);
            for (var c = 0; c < 3; c++)
            {
                var value = ground[c] + (cover * (ink[c] - ground[c])) + (noise * random.NextGaussian());
                picture.Data[(3 * i) + c] = (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
            }
        }

        return picture;
    }

    private static double[] Colour(ref CounterRandom random) => [random.NextDouble(), random.NextDouble(), random.NextDouble()];

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
