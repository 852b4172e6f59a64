using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Models;

/// <summary>Value types of a safetensors file, named as in its header.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are the format's own names.")]
internal enum SafetensorsType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BOOL,
}

internal static class SafetensorsTypes
{
    public static bool TryParse(string? name, out SafetensorsType type) =>
        Enum.TryParse(name, ignoreCase: false, out type) && Enum.GetName(type) == name;

    public static int Bytes(this SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 or SafetensorsType.U32 => 4,
        SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.I16 or SafetensorsType.U16 => 2,
        _ => 1,
    };

    public static bool IsFloat(this SafetensorsType type) =>
        type is SafetensorsType.F64 or SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16;
}
