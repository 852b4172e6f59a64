using System.Text;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>Takes the tables out of a stream of files. Read <see cref="Tables"/> after the stream has ended.</summary>
internal sealed class TableCollector
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<TableFile> _tables = [];

    public IReadOnlyList<TableFile> Tables => _tables;

    /// <summary>The other files; a table that is no UTF-8 text is passed on as refused.</summary>
    public IEnumerable<SourceFile> Without(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            if (file.Content is null || !TableFile.IsTable(file.Path))
            {
                yield return file;
            }
            else if (Read(file.Content) is { } text)
            {
                _tables.Add(new(file.Path, text));
            }
            else
            {
                yield return new(file.Path, null, "it is a table, but not in UTF-8");
            }
        }
    }

    private static string? Read(byte[] content)
    {
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
