using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>
/// Detects a file's format by its first bytes. Formats that can carry code (pickle, HDF5, archives) are refused
/// unopened.
/// </summary>
internal static class ImportFile
{
    public const string Onnx = "onnx";

    public const string Safetensors = "safetensors";

    private const int Head = 512;

    private static readonly (byte[] Start, string What)[] RefusedFormats =
    [
        ("PK"u8.ToArray(), "an archive, as PyTorch's .pt and Keras's .keras are"),
        ([0x80, 0x02], "a Python pickle"),
        ([0x80, 0x04], "a Python pickle"),
        ([0x80, 0x05], "a Python pickle"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "HDF5, as Keras's .h5 is"),
        ([0x1F, 0x8B], "compressed"),
        ("GGUF"u8.ToArray(), "GGUF"),
    ];

    /// <summary><see cref="Onnx"/> or <see cref="Safetensors"/>. Problem code: <c>model.unsupported-format</c>.</summary>
    public static Outcome<string> DetectFormat(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        Span<byte> head = stackalloc byte[Head];
        var start = head[..stream.ReadAtLeast(head, Head, throwOnEndOfStream: false)].ToArray();
        var refused = Array.Find(RefusedFormats, known => start.AsSpan().StartsWith(known.Start));
        if (refused.What is not null)
        {
            return Unsupported($"The file is {refused.What}");
        }

        return start.Length == 0 ? Unsupported("The file is empty")
            : IsSafetensors(start, stream.Length) ? Safetensors
            : IsText(start) ? Unsupported("The file is text, neither ONNX nor safetensors")
            : Onnx;
    }

    public static ModelSource Describe(string path, string format, IReadOnlyDictionary<string, string> layerNames)
    {
        using var stream = RegularFile.OpenRead(path);
        return new(format, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)), layerNames);
    }

    /// <summary>
    /// Eight bytes of header length, then JSON. An ONNX file begins with a field tag, which read as a length exceeds the
    /// file.
    /// </summary>
    private static bool IsSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > 8 && start[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)length;

    /// <summary>
    /// UTF-8 without control characters. The first bytes of an ONNX file always contain some: tags and lengths are small
    /// numbers.
    /// </summary>
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        while (start.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(start, out var rune, out var length);
            if (status == OperationStatus.InvalidData
                || (status == OperationStatus.Done && Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\f' or '\r')))
            {
                return false;
            }

            start = start[length..];
        }

        return true;
    }

    private static Problem Unsupported(string what) => new(
        ProblemKind.UnsupportedMedia,
        "model.unsupported-format",
        $"{what}; networks are taken as .onnx, and weights as .safetensors with an architecture. PyTorch writes both: torch.onnx.export, "
        + $"safetensors.torch.save_file.");
}
