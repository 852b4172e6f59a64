using System.Globalization;

namespace CnnService.Web.Artifacts;

/// <summary>
/// The folders of the attempts at one piece of work, each named by its fencing number: nobody ever writes where another attempt writes.
/// What a former attempt left is found here, and taken over before its folder is deleted.
/// </summary>
/// <param name="work">The work's own folder.</param>
internal sealed class AttemptFolders(string work)
{
    private const string Folder = "attempts";

    private string Root => Path.Combine(work, Folder);

    /// <summary>Name of the folder of an attempt.</summary>
    public static string Name(int fence) => fence.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>The folder of an attempt.</summary>
    public static string Of(string work, int fence) => Path.Combine(work, Folder, Name(fence));

    /// <summary>Makes the folder of an attempt; empty where it is new.</summary>
    /// <exception cref="OperationCanceledException">A later attempt has one already: this one was overtaken.</exception>
    public string Begin(int fence)
    {
        if (List(work).Any(other => other.Fence > fence))
        {
            throw new OperationCanceledException($"A later attempt than {fence} is under way.");
        }

        return Directory.CreateDirectory(Of(work, fence)).FullName;
    }

    /// <summary>The folders of the attempts before one, newest first.</summary>
    public IReadOnlyList<string> Before(int fence) => [.. List(work).Where(other => other.Fence < fence).Select(other => other.Path)];

    /// <summary>Deletes the folders of all attempts.</summary>
    public void Clear()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    /// <summary>The folder of the newest attempt; null where there was none.</summary>
    public static string? Newest(string work) => List(work).Select(attempt => attempt.Path).FirstOrDefault();

    /// <summary>The fencing number of the newest attempt; 0 where there was none.</summary>
    public static int NewestFence(string work) => List(work).Select(attempt => attempt.Fence).FirstOrDefault();

    private static IEnumerable<(int Fence, string Path)> List(string work)
    {
        var root = new DirectoryInfo(Path.Combine(work, Folder));
        return !root.Exists ? [] : root.EnumerateDirectories()
            .Where(folder => int.TryParse(folder.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(folder => (int.Parse(folder.Name, CultureInfo.InvariantCulture), folder.FullName))
            .OrderByDescending(folder => folder.Item1);
    }
}
