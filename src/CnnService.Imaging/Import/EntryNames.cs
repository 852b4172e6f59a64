using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>Decodes the names of archive entries, or refuses: names that cannot be read are never shown as other names.</summary>
/// <param name="encoding">What the sender says undeclared names are in; null for UTF-8.</param>
internal sealed class EntryNames(Encoding? encoding)
{
    private const int MaxShownBytes = 40;

    /// <summary>Begins a change of the character set in encodings of seven bits, such as ISO-2022-JP; no name means it.</summary>
    private const char Escape = '\u001B';

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>By the name of the encoding; null for UTF-8. Problem: <c>request.invalid</c>.</summary>
    public static Outcome<EntryNames> Create(string? encoding) =>
        encoding is null ? new EntryNames(null) : NameEncodings.Find(encoding).Map(found => new EntryNames(found));

    /// <summary>A name as <see cref="RawNameEncoding"/> has read it, decoded.</summary>
    /// <exception cref="SourceRefusedException">It is not in the encoding.</exception>
    public string Decode(string name)
    {
        var isRaw = RawNameEncoding.IsRaw(name);
        var isEscaped = name.Contains(Escape, StringComparison.Ordinal);
        if (!isRaw && (encoding is null ? !isEscaped : name.Any(letter => letter >= 0x80)))
        {
            return name;
        }

        var bytes = RawNameEncoding.Bytes(name);
        try
        {
            return encoding is null && isEscaped ? throw NotIn(bytes) : (encoding ?? Utf8).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw NotIn(bytes);
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

    private SourceRefusedException NotIn(byte[] bytes) => new(Problem.Unprocessable(
        "dataset.name-encoding",
        $"A name in the archive is not in {encoding?.WebName ?? "UTF-8, and the archive does not say what it is in"}: the bytes "
        + $"are {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, MaxShownBytes)))}. Send nameEncoding with the code "
        + "page of the computer that made the archive, such as cp866 (Russian), cp437, shift_jis, iso-2022-jp or gbk."));
}
