using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CnnService.Core.Models;

/// <summary>Cache keys of derived images: SHA-256 over everything that their bytes depend on.</summary>
internal static class ContentKey
{
    /// <summary>Hex; each part is hashed with its length, so that different lists of parts cannot collide by concatenation.</summary>
    public static string Create(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Content key of a version, independent of its name: the hash of its weights and of the files that say how they are used.
    /// </summary>
    public static string Content(LoadedModel model) =>
        Create([model.WeightsHash, .. model.Manifest.Files.Select(file => $"{file.Name}:{file.Sha256}").Order(StringComparer.Ordinal)]);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
