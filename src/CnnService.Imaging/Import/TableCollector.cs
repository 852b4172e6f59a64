using System.Text;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>
/// Takes the tables and folders out of a stream of files. Read <see cref="Tables"/> and <see cref="Folders"/> after the stream has ended.
/// </summary>
internal sealed class TableCollector
{
    /// <summary>Folders that are remembered: classes are few, and an archive may be made of folders alone.</summary>
    private const int MaxFolders = 10_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<TableFile> _tables = [];
    private readonly List<string> _folders = [];

    public IReadOnlyList<TableFile> Tables => _tables;

    /// <summary>Paths of folders, empty ones among them.</summary>
    public IReadOnlyList<string> Folders => _folders;

    /// <summary>The other files; a table that is no UTF-8 text is passed on as refused.</summary>
    public IEnumerable<SourceFile> Without(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            if (file.IsFolder)
            {
                if (_folders.Count < MaxFolders)
                {
                    _folders.Add(file.Path);
                }
            }
            else if (file.Content is null || !TableFile.IsTable(file.Path))
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
