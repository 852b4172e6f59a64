using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>The encodings that the names in an archive may be in.</summary>
public static class NameEncodings
{
    private const string CodePagePrefix = "cp";

    static NameEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// The encoding of a name as requests give it: <c>cp866</c>, <c>shift_jis</c>, <c>gbk</c>, <c>iso-2022-jp</c>, <c>windows-1252</c>. It
    /// throws <see cref="DecoderFallbackException"/> on bytes that are not in it. Problem: <c>request.invalid</c>.
    /// </summary>
    public static Outcome<Encoding> Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var known = name.StartsWith(CodePagePrefix, StringComparison.OrdinalIgnoreCase)
                && name.Length > CodePagePrefix.Length && name[CodePagePrefix.Length..].All(char.IsAsciiDigit)
                    ? $"ibm{name[CodePagePrefix.Length..]}" : name;
            return Encoding.GetEncoding(known, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return Problem.Invalid("request.invalid", $"nameEncoding {Rule(name)}.");
        }
    }

    /// <summary>The rule that a name breaks, and the name.</summary>
    internal static string Rule(string name) =>
        $"must be a code page such as cp866, cp437, shift_jis, gbk or windows-1252, received \"{ReceivedText.Text(name)}\"";
}
