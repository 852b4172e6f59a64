namespace CnnService.Core.Architecture;

/// <summary>The shape of one sample: a feature map <c>[C,H,W]</c> or a vector <c>[C]</c> (then H = W = 0).</summary>
public readonly record struct TensorShape
{
    private TensorShape(int channels, int height, int width) => (Channels, Height, Width) = (channels, height, width);

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public bool IsMap => Height > 0;

    public long Elements => IsMap ? (long)Channels * Height * Width : Channels;

    public static TensorShape Map(int channels, int height, int width) => new(channels, height, width);

    public static TensorShape Vector(int length) => new(length, 0, 0);

    public override string ToString() => IsMap ? $"[{Channels}, {Height}, {Width}]" : $"[{Channels}]";
}
