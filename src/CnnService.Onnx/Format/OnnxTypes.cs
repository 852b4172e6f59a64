namespace CnnService.Onnx.Format;

/// <summary>Numbers of the ONNX standard.</summary>
internal static class OnnxTypes
{
    public const int Float = 1;

    public const int UInt8 = 2;

    public const int Int64 = 7;

    public const int Float16 = 10;

    /// <summary>IR version 8 with operator set 17: read by every runtime of the last years.</summary>
    public const int IrVersion = 8;

    public const int OperatorSet = 17;
}
