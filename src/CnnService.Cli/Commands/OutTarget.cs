using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Cli.Commands;

/// <summary>What a command writes: nothing that is there already is overwritten without <c>--force</c>.</summary>
internal static class OutTarget
{
    public static readonly Option<bool> Force = new("--force")
    {
        Description = "Overwrite what --out names. Of folders only those of models are replaced."
    };

    /// <summary>
    /// Why a file must not be written, asked before the work begins; null: it may. Problem codes: <c>file.exists</c>,
    /// <c>folder.not-found</c>.
    /// </summary>
    public static Problem? Refuse(ParseResult arguments, FileInfo file) =>
        Directory.Exists(file.FullName)
            ? Problem.Conflict("file.exists", $"'{file.FullName}' is a folder: name a file.")
        : file.Directory is { Exists: false } folder
            ? Problem.NotFound("folder.not-found", $"There is no folder '{folder.FullName}' to write to.")
        : file.Exists && !arguments.GetValue(Force)
            ? Problem.Conflict("file.exists", $"The file '{file.FullName}' is there already: name another, or overwrite it with --force.")
        : null;

    /// <summary>The same of a model's folder. Problem codes: <c>folder.exists</c>, <c>folder.foreign</c>.</summary>
    public static Problem? Refuse(ParseResult arguments, DirectoryInfo folder) =>
        File.Exists(folder.FullName)
            ? Problem.Conflict("folder.exists", $"'{folder.FullName}' is a file: name a folder.")
        : !folder.Exists
            ? null
        : !arguments.GetValue(Force)
            ? Problem.Conflict(
                "folder.exists", $"The folder '{folder.FullName}' is there already: name another, or replace it with --force.")
        : IsModel(folder) || !folder.EnumerateFileSystemInfos().Any()
            ? null
        : Problem.Conflict("folder.foreign", $"The folder '{folder.FullName}' holds no model, and --force replaces models only.");

    /// <summary>Writes a file that was not refused; one that came meanwhile stays, and an <see cref="IOException"/> says so.</summary>
    public static async Task WriteAsync(ParseResult arguments, FileInfo file, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var mode = arguments.GetValue(Force) ? FileMode.Create : FileMode.CreateNew;
        await using var stream = new FileStream(file.FullName, mode, FileAccess.Write, FileShare.None);
        await stream.WriteAsync(content, cancel);
    }

    /// <summary>Makes room for a model's folder that was not refused.</summary>
    public static void Clear(ParseResult arguments, DirectoryInfo folder)
    {
        folder.Refresh();
        if (folder.Exists && arguments.GetValue(Force))
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsModel(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, ModelPackage.ManifestFile));
}
