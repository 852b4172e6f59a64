using System.Text;

namespace CnnService.Imaging.Import;

/// <summary>
/// Keeps the bytes of zip entry names that are not declared as UTF-8: ASCII as it is, any other byte as a private-use character, from which
/// <see cref="Bytes"/> gets it back. <see cref="System.IO.Compression.ZipArchive"/> uses it for undeclared names only.
/// </summary>
internal sealed class RawNameEncoding : Encoding
{
    /// <summary>The character of byte 0; those of 0x80 to 0xFF are used.</summary>
    private const int Base = 0xF700;

    public static RawNameEncoding Instance { get; } = new();

    /// <summary>Whether a name holds bytes that no encoding was declared for.</summary>
    public static bool IsRaw(string name) =>
        name.Any(letter => letter >= 0x80)
        && name.All(letter => letter < 0x80 || letter is >= (char)(Base + 0x80) and <= (char)(Base + 0xFF));

    /// <summary>The bytes of a name that this encoding has decoded.</summary>
    public static byte[] Bytes(string name) => [.. name.Select(letter => letter < 0x80 ? (byte)letter : (byte)(letter - Base))];

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        Bytes(new(chars, charIndex, charCount)).CopyTo(bytes, byteIndex);
        return charCount;
    }

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
        {
            var value = bytes[byteIndex + i];
            chars[charIndex + i] = value < 0x80 ? (char)value : (char)(Base + value);
        }

        return byteCount;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
