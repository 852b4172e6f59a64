using CnnService.Core.Architecture;

namespace CnnService.Engine.Tests.Onnx;

/// <summary>Values <c>[C,H,W]</c> in C order; a vector has H = W = 1.</summary>
internal sealed record NaiveTensor(int Channels, int Height, int Width, double[] Data)
{
    public static NaiveTensor Vector(double[] data) => new(data.Length, 1, 1, data);

    public static NaiveTensor Create(int channels, int height, int width, Func<int, int, int, double> value)
    {
        var tensor = new NaiveTensor(channels, height, width, new double[channels * height * width]);
        for (var i = 0; i < tensor.Data.Length; i++)
        {
            tensor.Data[i] = value(i / (height * width), i / width % height, i % width);
        }

        return tensor;
    }

    /// <summary>A cell, or for one beyond the edge the cell as far inside it.</summary>
    private static int Mirror(int place, int size) => place < 0 ? -place : place >= size ? (2 * (size - 1)) - place : place;

    public int At(int channel, int y, int x) => (((channel * Height) + y) * Width) + x;

    public IEnumerable<double> Map(int channel) => Data.Skip(channel * Height * Width).Take(Height * Width);

    public NaiveTensor Map(Func<double, double> function) => this with { Data = [.. Data.Select(function)] };

    /// <summary>A value, or what stands outside the map.</summary>
    public double Read(int channel, int y, int x, PaddingMode outside)
    {
        if (outside == PaddingMode.Reflect)
        {
            return Data[At(channel, Mirror(y, Height), Mirror(x, Width))];
        }

        var inside = y >= 0 && y < Height && x >= 0 && x < Width;
        return inside || outside == PaddingMode.Edge
            ? Data[At(channel, Math.Clamp(y, 0, Height - 1), Math.Clamp(x, 0, Width - 1))]
            : 0;
    }
}
