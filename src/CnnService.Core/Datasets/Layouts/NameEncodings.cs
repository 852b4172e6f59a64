using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>The encodings that the names in an archive may be in.</summary>
public static class NameEncodings
{
    private const string CodePagePrefix = "cp";

    /// <summary>In every encoding that archives have, these letters are what they are in ASCII; UTF-16 and EBCDIC are none.</summary>
    private const string Plain = "a/Z0.png";

    static NameEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// The encoding of a name as requests give it: <c>cp866</c>, <c>shift_jis</c>, <c>gbk</c>, <c>iso-2022-jp</c>, <c>windows-1252</c>. It
    /// throws <see cref="DecoderFallbackException"/> on bytes that are not in it. Problem: <c>request.invalid</c>.
    /// </summary>
    public static Outcome<Encoding> Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryGet(name) is { } encoding && encoding.GetBytes(Plain).AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(Plain))
            ? encoding
            : Problem.Invalid("request.invalid", $"nameEncoding {Rule(name)}.");
    }

    /// <summary>Null where there is none of this name.</summary>
    private static Encoding? TryGet(string name)
    {
        var isCodePage = name.StartsWith(CodePagePrefix, StringComparison.OrdinalIgnoreCase)
            && name.Length > CodePagePrefix.Length && name[CodePagePrefix.Length..].All(char.IsAsciiDigit);
        try
        {
            return Encoding.GetEncoding(
                isCodePage ? $"ibm{name[CodePagePrefix.Length..]}" : name, EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The rule that a name breaks, and the name.</summary>
    internal static string Rule(string name) =>
        $"must be a code page such as cp866, cp437, shift_jis, gbk or windows-1252, received \"{ReceivedText.Text(name)}\"";
}
