namespace CnnService.Core.Architecture;

/// <summary>Upper limits for networks. They keep every count within exact arithmetic and refuse nonsense early.</summary>
public static class NetworkLimits
{
    public const int Layers = 2000;

    /// <summary>Height and width of the input image, pixels.</summary>
    public const int InputSide = 1024;

    /// <summary>Filters of a convolution, units of a dense layer.</summary>
    public const int Filters = 65_536;

    /// <summary>Height and width of a convolution's kernel, cells.</summary>
    public const int Kernel = 64;

    /// <summary>Strides, dilations, padding and pooling windows, cells in each direction.</summary>
    public const int Step = 1024;

    /// <summary>Inputs of an add or concatenate layer.</summary>
    public const int Inputs = 256;

    /// <summary>Values of a feature map for one image, padding included.</summary>
    public const long Elements = int.MaxValue;

    /// <summary>Trainable parameters of the whole network.</summary>
    public const long Parameters = int.MaxValue;

    /// <summary>Multiply-adds of the whole network per image: 2^53, up to which JSON carries integers exactly.</summary>
    public const long MultiplyAdds = 1L << 53;
}
