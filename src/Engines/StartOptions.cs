using System.ComponentModel.DataAnnotations;
using CnnService.Core.Models.Starts;

namespace CnnService.Engines;

/// <summary>Where trained starts are found and kept, section <c>Starts</c>.</summary>
internal sealed class StartOptions
{
    public const string Section = "Starts";

    /// <summary>
    /// Further folders that hold a folder a start: its <c>start.json</c> and the files it names. Default none: only the starts that come
    /// with the program.
    /// </summary>
    public IList<string> Folders { get; set; } = [];

    /// <summary>Folder for the model packages made of starts when one is first used; can be deleted while the program is down.</summary>
    [Required]
    public string PreparedFolder { get; set; } = DefaultFolder();

    /// <summary>How long a request waits for the first import of a start; the command line waits for its end. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    public StartFolders ToFolders() =>
        new([Path.Combine(AppContext.BaseDirectory, StartFolders.BuiltIn), .. Folders], Path.GetFullPath(PreparedFolder));

    private static string DefaultFolder()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return local.Length > 0
            ? Path.Combine(local, "cnnservice", "starts")
            : Path.Combine(Path.GetTempPath(), $"cnnservice-{Environment.UserName}", "starts");
    }
}
