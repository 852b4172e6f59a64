namespace CnnService.Onnx.Format;

/// <summary>Numbers of the ONNX standard.</summary>
internal static class OnnxTypes
{
    public const int Float = 1;

    public const int UInt8 = 2;

    public const int Int8 = 3;

    public const int Int32 = 6;

    public const int Int64 = 7;

    public const int Boolean = 9;

    public const int Float16 = 10;

    public const int Double = 11;

    public const int BFloat16 = 16;

    /// <summary>IR version 8 with operator set 17: read by every runtime of the last years.</summary>
    public const int IrVersion = 8;

    public const int OperatorSet = 17;

    /// <summary>The operator sets that are read: the first with today's broadcasting, and the newest that OnnxRuntime knows well.</summary>
    public const int OldestOperatorSet = 7;

    public const int NewestOperatorSet = 23;
}
