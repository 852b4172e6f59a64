using System.Globalization;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// Keeps services apart that cannot share a data directory: an embedded database has one service, and none on PostgreSQL beside it; of
/// those there may be many. The operating system releases the lock when a process dies for whatever reason, so that holding it alone
/// proves that no earlier owner of work is alive.
/// </summary>
internal sealed class ServiceLock : IDisposable
{
    private readonly FileStream? _file;

    private ServiceLock(FileStream? file, bool isHeld) => (_file, IsHeld) = (file, isHeld);

    /// <summary>No lock, for tests of what needs none.</summary>
    public static ServiceLock NotNeeded { get; } = new(null, isHeld: false);

    /// <summary>Whether no other service can use the data directory.</summary>
    public bool IsHeld { get; }

    /// <summary>Takes the data directory for one embedded service alone.</summary>
    /// <exception cref="StartRefusedException">Another service uses it.</exception>
    public static ServiceLock Take(DataFolders folders)
    {
        if (Open(folders, FileAccess.ReadWrite, FileShare.None) is { } file)
        {
            // In a file of its own, because a locked file cannot be read by others.
            File.WriteAllText(OwnerFile(folders), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ServiceLock(file, isHeld: true);
        }

        using var shared = Open(folders, FileAccess.Read, FileShare.Read);
        throw new StartRefusedException(shared is null
            ? $"Another service ({Owner(folders)}) works on the data directory '{folders.Root}'. Stop it, or give this one another "
                + "DataDirectory."
            : $"Services on PostgreSQL work on the data directory '{folders.Root}', and this one has no ConnectionStrings:Postgres. "
                + "Set it, or give this one another DataDirectory.");
    }

    /// <summary>Takes the data directory together with others whose database is PostgreSQL.</summary>
    /// <exception cref="StartRefusedException">An embedded service uses it.</exception>
    public static ServiceLock Share(DataFolders folders) => Open(folders, FileAccess.Read, FileShare.Read) is { } file
        ? new ServiceLock(file, isHeld: false)
        : throw new StartRefusedException(
            $"A service with a database of its own ({Owner(folders)}) works on the data directory '{folders.Root}', and this one uses "
            + "PostgreSQL. Stop it, or give this one another DataDirectory.");

    public void Dispose() => _file?.Dispose();

    /// <summary>Null if others hold the lock. Outside Windows, the share of none excludes other processes, and reading is shared.</summary>
    private static FileStream? Open(DataFolders folders, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(folders.Lock, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string OwnerFile(DataFolders folders) => Path.ChangeExtension(folders.Lock, ".pid");

    private static string Owner(DataFolders folders)
    {
        try
        {
            return $"process {File.ReadAllText(OwnerFile(folders))}";
        }
        catch (IOException)
        {
            return "its process number cannot be read";
        }
    }
}
