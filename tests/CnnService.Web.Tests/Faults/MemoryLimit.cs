using System.Globalization;

namespace CnnService.Web.Tests.Faults;

/// <summary>A memory cgroup (version 1). Needs root and that file system; tests are skipped without.</summary>
internal sealed class MemoryLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup/memory";

    private readonly string _group = Path.Combine(Root, $"cnnservice-{Guid.NewGuid():N}");

    public MemoryLimit(int megabytes)
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists(Path.Combine(Root, "memory.limit_in_bytes")), "needs root and a memory cgroup");
        Directory.CreateDirectory(_group);
        File.WriteAllText(
            Path.Combine(_group, "memory.limit_in_bytes"), ((long)megabytes << 20).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Puts a process under the limit, with all that it starts from now on.</summary>
    public void Apply(int process) =>
        File.WriteAllText(Path.Combine(_group, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));

    /// <summary>All processes under it must have ended.</summary>
    public void Dispose() => Directory.Delete(_group);
}
