using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>Limits of the process that imports models.</summary>
internal sealed class ModelImportOptions
{
    public const string Section = "Models";

    /// <summary>
    /// Time limit for opening, translating and verifying a file, plus one second per 4 MiB of it. 1 s to 1 h, default 20 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ImportTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Private memory of the process in MiB, plus ten times the size of the file. 512 to 1,048,576, default 3072.</summary>
    [Range(512, 1 << 20)]
    public int ImportMemoryMebibytes { get; set; } = 3072;

    /// <summary>Concurrent imports; further ones wait. 1 to 64, default 1.</summary>
    [Range(1, 64)]
    public int ParallelImports { get; set; } = 1;
}
