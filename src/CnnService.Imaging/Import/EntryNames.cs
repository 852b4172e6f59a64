using System.Text;
using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>Decodes the names of archive entries, or refuses: names that cannot be read are never shown as other names.</summary>
/// <param name="encoding">What the sender says undeclared names are in; null for UTF-8.</param>
internal sealed class EntryNames(Encoding? encoding)
{
    private const int MaxShownBytes = 40;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static EntryNames() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The names of an encoding as requests give it: <c>cp866</c>, <c>shift_jis</c>, <c>gbk</c>, <c>windows-1252</c>.</summary>
    public static Outcome<EntryNames> Create(string? encoding)
    {
        if (encoding is null)
        {
            return new EntryNames(null);
        }

        try
        {
            var name = encoding.StartsWith("cp", StringComparison.OrdinalIgnoreCase) && encoding[2..].All(char.IsAsciiDigit)
                ? $"ibm{encoding[2..]}" : encoding;
            return new EntryNames(Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback));
        }
        catch (ArgumentException)
        {
            return Problem.Invalid("request.invalid",
                $"nameEncoding must be a code page such as cp866, cp437, shift_jis, gbk or windows-1252, "
                + $"received \"{ReceivedText.Text(encoding)}\".");
        }
    }

    /// <summary>A name as <see cref="RawNameEncoding"/> has read it, decoded.</summary>
    /// <exception cref="SourceRefusedException">It is not in the encoding.</exception>
    public string Decode(string name)
    {
        if (!RawNameEncoding.IsRaw(name))
        {
            return name;
        }

        var bytes = RawNameEncoding.Bytes(name);
        try
        {
            return (encoding ?? Utf8).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new SourceRefusedException(Problem.Unprocessable(
                "dataset.name-encoding",
                $"A name in the archive is not in {encoding?.WebName ?? "UTF-8, and the archive does not say what it is in"}: the bytes "
                + $"are {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, MaxShownBytes)))}. Send nameEncoding with the code "
                + "page of the computer that made the archive, such as cp866 (Russian), cp437, shift_jis or gbk."));
        }
    }

    /// <summary>A name of a tar archive as it is.</summary>
    /// <exception cref="SourceRefusedException">It held bytes that are no UTF-8, which the reader has replaced.</exception>
    public static string RequireText(string name) => name.Contains('\uFFFD', StringComparison.Ordinal)
        ? throw new SourceRefusedException(Problem.Unprocessable(
            "dataset.name-encoding",
            $"The name '{ReceivedText.Text(name)}' in the archive is not in UTF-8. Pack the folder again with names in UTF-8, or as a "
            + "zip and send nameEncoding."))
        : name;
}
