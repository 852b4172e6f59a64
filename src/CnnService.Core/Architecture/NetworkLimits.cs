namespace CnnService.Core.Architecture;

/// <summary>How large a network may be. They keep every count within exact arithmetic and refuse nonsense early.</summary>
public static class NetworkLimits
{
    public const int Layers = 2000;

    /// <summary>Pixels, each way.</summary>
    public const int InputSide = 1024;

    /// <summary>Filters of a convolution, units of a dense layer.</summary>
    public const int Filters = 65_536;

    /// <summary>Cells, each way, of a convolution's kernel.</summary>
    public const int Kernel = 64;

    /// <summary>Cells, each way: strides, dilations, padding and pooling windows.</summary>
    public const int Step = 1024;

    /// <summary>Inputs of an add or concatenate layer.</summary>
    public const int Inputs = 256;

    /// <summary>Values in the map of one picture, padding included.</summary>
    public const long Elements = int.MaxValue;

    /// <summary>Trainable parameters of the whole network.</summary>
    public const long Parameters = int.MaxValue;

    /// <summary>Multiply-adds of the whole network for one picture: 2^53, the whole numbers that JSON carries exactly.</summary>
    public const long MultiplyAdds = 1L << 53;
}
