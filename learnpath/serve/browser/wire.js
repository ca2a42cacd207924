// @ts-check
/** Wishes of the author that change or open a file, sent to the server one by one. */

const wishPatience = 5000;

/**
 * @param {Record<string, any>} wish
 * @returns {Promise<string>} what the server said; rejects with its reason
 */
export function ask(wish) {
  return new Promise((resolve, reject) => {
    const address = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/learnpath-wishes`;
    const line = new WebSocket(address);
    const late = setTimeout(() => line.close(), wishPatience);
    line.onopen = () => line.send(JSON.stringify(wish));
    line.onmessage = ({ data }) => {
      const { said, error } = JSON.parse(data);
      if (error) reject(Error(error));
      else resolve(said);
      line.close();
    };
    line.onclose = () => {
      clearTimeout(late);
      reject(Error("the preview server does not answer"));
    };
  });
}
