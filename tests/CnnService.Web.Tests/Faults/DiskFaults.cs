using System.Diagnostics;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Faults;

/// <summary>
/// Faults of the disk under a service and its child processes, by a library that is preloaded into them (<c>disk-faults.c</c>). Needs a C
/// compiler; tests are skipped without.
/// </summary>
internal sealed class DiskFaults : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DiskFaults()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "needs Linux and a C compiler (Debian: gcc)");
        var source = Path.Combine(Repository.Root, "tests", "CnnService.Web.Tests", "Faults", "disk-faults.c");
        using var compiler = Process.Start("/usr/bin/cc", ["-shared", "-fPIC", "-o", Library, source, "-ldl", "-lpthread"]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }

    /// <summary>For the service that is to meet them.</summary>
    public Dictionary<string, string> Environment => new() { ["LD_PRELOAD"] = Library, ["CNN_DISK_FAULTS"] = Specification };

    /// <summary>Whether a kill is still to come.</summary>
    public bool IsPending => File.Exists(Specification);

    private string Library => Path.Combine(_folder.Path, "disk-faults.so");

    private string Specification => Path.Combine(_folder.Path, "faults");

    /// <summary>From the n-th call on a path with this part in it, all such calls fail as those of a broken disk do.</summary>
    public void Fail(string call, string part, int number = 1) => Set($"{call}:{part}:{number}:EIO");

    /// <summary>The process that makes the n-th call on such a path is killed before it; once.</summary>
    public void Kill(string call, string part, int number = 1) => Set($"{call}:{part}:{number}:kill");

    /// <summary>From now on nothing fails.</summary>
    public void End() => File.Delete(Specification);

    public void Dispose() => _folder.Dispose();

    /// <summary>At once, as a service may read it at any moment.</summary>
    private void Set(string text)
    {
        File.WriteAllText($"{Specification}.new", text);
        File.Move($"{Specification}.new", Specification, overwrite: true);
    }
}
