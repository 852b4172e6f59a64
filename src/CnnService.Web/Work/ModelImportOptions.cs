using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>How imported networks are opened: in a process of its own, under limits.</summary>
internal sealed class ModelImportOptions
{
    public const string Section = "Models";

    /// <summary>A file must have been opened, translated and compared after this long; a second more for each 8 MiB of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ImportTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Private memory of that process, in MiB; ten times the file's size more.</summary>
    [Range(512, 1 << 20)]
    public int ImportMemoryMebibytes { get; set; } = 3072;

    /// <summary>Files opened at once; more wait.</summary>
    [Range(1, 64)]
    public int ParallelImports { get; set; } = 1;
}
