using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// Reads and writes the safetensors format: eight bytes of header length, a JSON header, then the values. Written as float32; float16,
/// bfloat16 and float64 are read too. Integer and boolean tensors (counters of other libraries) are skipped and listed by name; unknown
/// types are refused. NaN and infinity are kept; a float64 beyond the range of float32 becomes infinity.
/// </summary>
public static class SafetensorsFile
{
    private const string Unreadable = "safetensors.unreadable";

    /// <summary>Writes the tensors in their order; the same content gives the same bytes.</summary>
    /// <param name="stream">Written to from its current position; left open.</param>
    /// <param name="weights">Float32 tensors.</param>
    /// <param name="metadata">Written in ordinal order of the keys; null or empty: none.</param>
    public static void Write(Stream stream, NamedWeights weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(weights);
        stream.Write(SafetensorsHeader.Write(weights, metadata));
        foreach (var (_, tensor) in weights.All)
        {
            SafetensorsValues.Write(stream, tensor.Data);
        }
    }

    /// <summary>Reads a file. Problem code: <c>safetensors.unreadable</c>.</summary>
    public static Outcome<SafetensorsContent> Read(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        return Read(stream);
    }

    /// <summary>Reads a seekable stream from beginning to end. Nothing large is allocated before the header has been validated.</summary>
    public static Outcome<SafetensorsContent> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Position = 0;
        var header = SafetensorsHeader.Read(stream, out var fault);
        return header is null ? Problem.Unprocessable(Unreadable, $"Not a sound safetensors file: {fault}") : Read(stream, header);
    }

    private static SafetensorsContent Read(Stream stream, SafetensorsHeader header)
    {
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var entry in header.Entries.OrderBy(entry => entry.Begin))
        {
            if (entry.Type.IsFloat())
            {
                values[entry.Name] = SafetensorsValues.Read(stream, entry.Type, (int)entry.Elements);
            }
            else
            {
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
            }
        }

        var weights = new NamedWeights();
        foreach (var entry in header.Entries.Where(entry => entry.Type.IsFloat()))
        {
            weights.Add(entry.Name, new(entry.Shape, values[entry.Name]));
        }

        return new(weights, header.Metadata)
        {
            Types = header.Entries.ToDictionary(entry => entry.Name, entry => entry.Type.ToString()),
            Unread = header.Entries.Where(entry => !entry.Type.IsFloat()).ToDictionary(entry => entry.Name, entry => entry.Type.ToString()),
        };
    }
}

/// <summary>Content of a safetensors file.</summary>
/// <param name="Weights">In the order of the header, as float32.</param>
/// <param name="Metadata">The field <c>__metadata__</c>; empty where absent.</param>
public sealed record SafetensorsContent(NamedWeights Weights, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Types in the file by name, of all tensors.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Types by name of the tensors that were skipped.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();
}
