using System.Globalization;
using CnnService.Web.Hosting;

namespace CnnService.Web.Persistence;

/// <summary>
/// One service a data directory where the database is embedded. The operating system lets go of the lock when the process
/// dies, however it dies: holding it proves that no earlier owner of a run is alive.
/// </summary>
internal sealed class ServiceLock : IDisposable
{
    private readonly FileStream? _file;

    private ServiceLock(FileStream? file) => _file = file;

    /// <summary>No lock: the database tells owners apart.</summary>
    public static ServiceLock NotNeeded { get; } = new(null);

    /// <exception cref="StartRefusedException">Another service holds it.</exception>
    public static ServiceLock Take(DataFolders folders)
    {
        try
        {
            // Only a file shared with nobody is locked against everybody, and then nobody can read it: the owner's number stands beside it.
            var file = new FileStream(folders.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerFile(folders), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ServiceLock(file);
        }
        catch (IOException)
        {
            throw new StartRefusedException($"Another service ({Owner(folders)}) works on the data directory '{folders.Root}'. Stop it, or give this one another DataDirectory.");
        }
    }

    public void Dispose() => _file?.Dispose();

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

    private static string OwnerFile(DataFolders folders) => Path.ChangeExtension(folders.Lock, ".pid");
}
