namespace CnnService.Onnx.Serving;

/// <summary>Requests that go through the network together.</summary>
/// <param name="most">Pictures at most; a single request may have more.</param>
internal sealed class RequestBatch(int most)
{
    public List<BatchRequest> Requests { get; } = [];

    public int Pictures { get; private set; }

    public bool IsFull => Pictures >= most;

    /// <summary>False where it has no room for the request.</summary>
    public bool TryAdd(BatchRequest request)
    {
        if (Pictures > 0 && Pictures + request.Count > most)
        {
            return false;
        }

        if (request.TryTake())
        {
            Requests.Add(request);
            Pictures += request.Count;
        }

        return true;
    }
}
